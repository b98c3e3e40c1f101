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

/** Resources that are allocated to a role. */
export const allocated = (resources: Resource[], role: string): Resource[] =>
  resources.map((resource) => ({ ...resource, allocation_info: { role } }));

/** What a framework has of a new agent: resources in the short form, allocated to one of its roles. */
export const usedBy = (
  frameworkId: string,
  role: string,
  text: string,
): { used: Map<string, Resource[]> } => ({
  used: new Map([[frameworkId, allocated(reserved(text), role)]]),
});

const stack = (roles: string[]): Reservations =>
  roles.map((role, index) => ({ type: index === 0 ? 'STATIC' : 'DYNAMIC', role }));
