import type { Resource } from '../../../mesos/generated/mesos.ts';
import { subtractResources } from '../../../mesos/resources/arithmetic.ts';
import { toStackFormat } from '../../../mesos/resources/reservation-format.ts';
import { isPersistentVolume } from '../../../mesos/resources/traits.ts';
import type { Reservation } from '../instance.ts';
import { type Holder, holderOf, mountedAt } from './reserved-resource.ts';
import type { VolumeNeed } from './volume-need.ts';

/** Everything of an offer that is reserved for one instance. */
export interface HeldResources {
  readonly holder: Holder;
  readonly resources: readonly Resource[];
}

/** What of an offer is reserved for instances, by instance and framework. */
export const heldIn = (resources: readonly Resource[]): HeldResources[] => {
  const groups = new Map<string, { holder: Holder; resources: Resource[] }>();
  for (const resource of resources) {
    const holder = holderOf(resource);
    if (holder === undefined) continue;
    const key = JSON.stringify([holder.frameworkId, holder.instanceId]);
    const group = groups.get(key) ?? { holder, resources: [] };
    groups.set(key, group);
    group.resources.push(toStackFormat(resource));
  }
  return [...groups.values()];
};

export const volumeIdsOf = (resources: readonly Resource[]): string[] =>
  resources.flatMap(({ disk }) => disk?.persistence?.id ?? []);

export interface HeldNeed {
  /** Amounts of cpus, mem, disk and gpus, without volumes. */
  readonly scalars: Readonly<Record<string, number>>;
  readonly volumes: readonly VolumeNeed[];
}

export type TakenResources =
  | { readonly isComplete: true; readonly resources: Resource[]; readonly surplus: readonly Resource[] }
  /** What is not there, for people. */
  | { readonly isComplete: false; readonly missing: string };

/** Takes what an instance needs out of what is reserved for it; the rest is surplus that nobody will ever need. */
export const takeHeld = (
  held: readonly Resource[],
  { scalars, volumes }: HeldNeed,
  reservation: Reservation,
): TakenResources => {
  const taken: Resource[] = [];
  const missing: string[] = [];
  for (const { name, persistenceId } of reservation.volumes) {
    const volume = held.find(({ disk }) => disk?.persistence?.id === persistenceId);
    const need = volumes.find((one) => one.name === name);
    if (volume === undefined) missing.push(`the volume ${persistenceId}`);
    else taken.push(need === undefined ? volume : mountedAt(volume, need.containerPath, need.mode));
  }
  for (const [name, amount] of Object.entries(scalars)) {
    const found = takeScalar(held, name, amount);
    taken.push(...found.resources);
    if (found.missing > 0) missing.push(`${found.missing} ${name}`);
  }
  for (const port of reservation.hostPorts) {
    const source = held.find(
      ({ name, ranges }) =>
        name === 'ports' && ranges?.range?.some(({ begin, end }) => begin <= port && port <= end),
    );
    if (source === undefined) missing.push(`the port ${port}`);
    else taken.push({ ...source, ranges: { range: [{ begin: port, end: port }] } });
  }
  if (missing.length > 0) return { isComplete: false, missing: missing.join(', ') };
  return { isComplete: true, resources: taken, surplus: subtractResources(held, taken) ?? [] };
};

const takeScalar = (
  held: readonly Resource[],
  name: string,
  amount: number,
): { resources: Resource[]; missing: number } => {
  let wanted = Math.round(amount * 1000);
  const resources: Resource[] = [];
  for (const resource of held) {
    if (wanted === 0) break;
    if (resource.name !== name || isPersistentVolume(resource) || resource.disk !== undefined) continue;
    const portion = Math.min(wanted, Math.round((resource.scalar?.value ?? 0) * 1000));
    if (portion === 0) continue;
    wanted -= portion;
    resources.push({ ...resource, scalar: { value: portion / 1000 } });
  }
  return { resources, missing: wanted / 1000 };
};
