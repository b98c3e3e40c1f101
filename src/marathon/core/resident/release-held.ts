import type { OfferOperation, Resource } from '../../../mesos/generated/mesos.ts';
import { isPersistentVolume, reservationRole } from '../../../mesos/resources/traits.ts';
import type { Turn } from '../turn.ts';
import { type HeldResources, volumeIdsOf } from './held-resources.ts';
import { newOperationId } from './operations.ts';
import { oweRelease, settleRelease } from './release.ts';
import { byProvider } from './reserve.ts';
import { holderOf, withoutVolume } from './reserved-resource.ts';

/**
 * Whether what an offer shows as reserved is of no use to anybody: its instance is no more, or has found another place.
 * What may belong to an instance that is only between two tasks stays as it is: it holds data.
 */
export const isReleasable = (
  { state }: Turn,
  { holder, resources }: HeldResources,
  agentId: string,
): boolean => {
  const { frameworkId, instanceId } = holder;
  const instance = state.instances.get(instanceId);
  if (instance === undefined) {
    return frameworkId === state.frameworkId || state.releases.get(instanceId)?.frameworkId === frameworkId;
  }
  const { reservation } = instance;
  if (reservation === undefined) return frameworkId === state.frameworkId;
  const volumeIds = volumeIdsOf(resources);
  const isOwn = ({ persistenceId }: { persistenceId: string }): boolean => volumeIds.includes(persistenceId);
  if (volumeIds.length > 0) return !reservation.volumes.some(isOwn);
  return reservation.isConfirmed && reservation.agent.id !== agentId;
};

/** Destroys the volumes among reserved resources and gives up the reservations (marathon.md 3.17). */
export const releaseHeld = (
  turn: Turn,
  { instanceId, agentId }: { instanceId: string; agentId: string },
  resources: readonly Resource[],
): OfferOperation[] => {
  const part = {
    volumeIds: volumeIdsOf(resources),
    hasRest: !resources.every(isPersistentVolume),
  };
  const id = (): Pick<OfferOperation, 'id'> =>
    newOperationId(turn, { kind: 'release', instanceId, agentId, part });
  const operations: OfferOperation[] = [
    ...byProvider(resources.filter(isPersistentVolume)).map(
      (volumes): OfferOperation => ({
        type: 'DESTROY',
        destroy: { volumes },
      }),
    ),
    ...byProvider(resources.map(withoutVolumeIfAny)).map(
      (group): OfferOperation => ({
        type: 'UNRESERVE',
        ...id(),
        unreserve: { resources: group },
      }),
    ),
  ];
  // Where the end is not told, the next offer shows what has come of it.
  if (operations.every((operation) => operation.id === undefined)) settleRelease(turn, instanceId, part);
  return operations;
};

/** A call did not get through: what it was to release may still be there. */
export const oweReleasesAgain = (turn: Turn, operations: readonly OfferOperation[]): void => {
  for (const resource of operations.flatMap(releasedBy)) {
    const holder = holderOf(resource);
    if (holder === undefined || turn.state.instances.get(holder.instanceId)) continue;
    oweRelease(turn, { ...holder, role: reservationRole(resource), volumeIds: volumeIdsOf([resource]) });
  }
};

const releasedBy = (operation: OfferOperation): readonly Resource[] => {
  if (operation.type === 'DESTROY') return operation.destroy.volumes ?? [];
  return operation.type === 'UNRESERVE' ? (operation.unreserve.resources ?? []) : [];
};

const withoutVolumeIfAny = (resource: Resource): Resource =>
  isPersistentVolume(resource) ? withoutVolume(resource) : resource;
