import type { Resource } from '../../../src/mesos/generated/mesos.ts';
import { parseResources } from '../../../src/mesos/resources/parse-text.ts';

type Reservations = NonNullable<Resource['reservations']>;

/** Resources in the short form of mesos.md 6.7, reserved one within the other to the roles. */
export const reserved = (text: string, ...roles: string[]): Resource[] =>
  parseResources(text).map((resource) => ({ ...resource, reservations: stack(roles) }));

/** A persistent volume of a size in MB. */
export const volume = (id: string, sizeMiB: number, ...roles: string[]): Resource => ({
  name: 'disk',
  type: 'SCALAR',
  scalar: { value: sizeMiB },
  reservations: stack(roles),
  disk: { persistence: { id }, volume: { container_path: id, mode: 'RW' } },
});

export const sharedVolume = (id: string, sizeMiB: number, ...roles: string[]): Resource => ({
  ...volume(id, sizeMiB, ...roles),
  shared: {},
});

export const mountDisk = (root: string, sizeMiB: number): Resource => ({
  name: 'disk',
  type: 'SCALAR',
  scalar: { value: sizeMiB },
  disk: { source: { type: 'MOUNT', mount: { root } } },
});

export const revocable = (name: string, amount: number): Resource => ({
  name,
  type: 'SCALAR',
  scalar: { value: amount },
  revocable: {},
});

const stack = (roles: string[]): Reservations =>
  roles.map((role, index) => ({ type: index === 0 ? 'STATIC' : 'DYNAMIC', role }));
