import type { Resource } from '../generated/mesos.ts';

/** The formats in which reservations are written (mesos.md 1.9.2). Inside, everything has the stack format. */

/** A resource in the stack format, whichever format it came in. */
export const toStackFormat = (resource: Resource): Resource => {
  const { role, reservation, reservations = [], ...rest } = resource;
  if (reservations.length > 0) return { ...rest, reservations };
  if (role === undefined || role === '*') return rest;
  const kind = reservation === undefined ? ({ type: 'STATIC' } as const) : ({ type: 'DYNAMIC' } as const);
  return { ...rest, reservations: [{ ...kind, ...reservation, role }] };
};

/** The format of frameworks without RESERVATION_REFINEMENT; refined reservations have none and stay as they are. */
export const toOldFormat = (resource: Resource): Resource => {
  const { reservations = [], ...rest } = resource;
  const [only] = reservations;
  if (only === undefined) return { ...rest, role: '*' };
  if (reservations.length > 1) return resource;
  const { type, role = '*', principal, labels } = only;
  if (type === 'STATIC') return { ...rest, role };
  const reservation = {
    ...(principal === undefined ? {} : { principal }),
    ...(labels === undefined ? {} : { labels }),
  };
  return { ...rest, role, reservation };
};

/** The same resources, allocated to a role. */
export const allocatedTo = (resources: readonly Resource[], role: string): Resource[] =>
  resources.map((resource) => ({ ...resource, allocation_info: { role } }));

/** The same resources, allocated to nobody. */
export const unallocated = (resources: readonly Resource[]): Resource[] =>
  resources.map(({ allocation_info: _allocation, ...resource }) => resource);
