import type { Label, Resource } from '../../mesos/generated/mesos.ts';
import { isPersistentVolume } from '../../mesos/resources/traits.ts';

/** Labels of what a service reserves. They say what it is for, to a scheduler that has forgotten everything else too. */
export const SERVICE_LABEL = 'service';
export const FRAMEWORK_LABEL = 'framework';
export const INSTANCE_LABEL = 'instance';
export const PORT_LABEL = 'port';

/** Whose reservations they are, and what they say of themselves. */
export interface Reserver {
  readonly service: string;
  readonly role: string;
  readonly principal: string | undefined;
  readonly frameworkId: string;
}

/** A resource out of an offer, reserved for an instance. */
export const reservedFor = (
  { service, role, principal, frameworkId }: Reserver,
  resource: Resource,
  { instance, port }: { instance: string; port?: string },
): Resource => {
  const labels: Label[] = [
    { key: SERVICE_LABEL, value: service },
    { key: FRAMEWORK_LABEL, value: frameworkId },
    { key: INSTANCE_LABEL, value: instance },
    ...(port === undefined ? [] : [{ key: PORT_LABEL, value: port }]),
  ];
  const reservation = {
    type: 'DYNAMIC' as const,
    role,
    ...(principal === undefined ? {} : { principal }),
    labels: { labels },
  };
  return { ...resource, reservations: [...(resource.reservations ?? []), reservation] };
};

/** What the label of a reservation says. */
export const reservationLabel = ({ reservations }: Resource, key: string): string | undefined =>
  reservations?.at(-1)?.labels?.labels?.find((label) => label.key === key)?.value;

/** Whether a resource is reserved for this instance of this service. */
export const isReservedFor = (resource: Resource, service: string, instance: string): boolean =>
  reservationLabel(resource, SERVICE_LABEL) === service &&
  reservationLabel(resource, INSTANCE_LABEL) === instance;

/** Free for whoever is offered it: neither reserved nor lent, and disk only of the agent's own. */
export const isPlain = ({ reservations = [], revocable, shared, disk }: Resource): boolean =>
  reservations.length === 0 && revocable === undefined && shared === undefined && disk === undefined;

/** A volume of the disk it is made of. */
export const asVolume = (
  resource: Resource,
  { id, path, principal }: { id: string; path: string; principal: string | undefined },
): Resource => ({
  ...resource,
  disk: {
    persistence: { id, ...(principal === undefined ? {} : { principal }) },
    volume: { mode: 'RW', container_path: path },
  },
});

/** Whether a resource is a volume of that path. */
export const isVolumeAt = (resource: Resource, path: string): boolean =>
  isPersistentVolume(resource) && resource.disk?.volume?.container_path === path;
