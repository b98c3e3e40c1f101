import type { Resource } from '../generated/mesos.ts';

/** Questions about single resources (mesos.md 1.9). */

export const isPersistentVolume = ({ disk }: Resource): boolean => disk?.persistence !== undefined;

/** The role a resource is reserved for, the innermost one of a refined reservation; `*` when it is for all. */
export const reservationRole = ({ reservations, role }: Resource): string =>
  reservations?.at(-1)?.role ?? role ?? '*';

export const isReserved = (resource: Resource): boolean => reservationRole(resource) !== '*';

/** The sum of the scalar resources of one name, in thousandths exact. */
export const scalarOf = (resources: readonly Resource[], name: string): number => {
  const thousandths = resources
    .filter((resource) => resource.name === name)
    .reduce((sum, { scalar }) => sum + Math.round((scalar?.value ?? 0) * 1000), 0);
  return thousandths / 1000;
};
