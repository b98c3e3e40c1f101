import type { OfferOperation, Resource } from '../../../mesos/generated/mesos.ts';
import { isPersistentVolume, reservationRole } from '../../../mesos/resources/traits.ts';
import type { Turn } from '../turn.ts';
import { amountsOf } from './amounts.ts';
import { type HeldResources, heldIn, volumeIdsOf } from './held-resources.ts';
import { noteReleased, type ReleaseKind } from './note-released.ts';
import { newOperationId } from './operations.ts';
import { oweMore } from './release.ts';
import { byProvider } from './reserve.ts';
import { withoutVolume } from './reserved-resource.ts';

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

/**
 * Destroys the volumes among reserved resources and gives up the reservations (marathon.md 3.17): of an instance that has
 * no use for any of them, or of what is too much for one that goes on (`surplus`).
 */
export const releaseHeld = (
  turn: Turn,
  { instanceId, agentId, kind }: { instanceId: string; agentId: string; kind: ReleaseKind },
  resources: readonly Resource[],
): OfferOperation[] => {
  const destroyed = byProvider(resources.filter(isPersistentVolume)).map(
    (volumes): OfferOperation => ({
      type: 'DESTROY',
      destroy: { volumes },
    }),
  );
  const unreserved = byProvider(resources.map(withoutVolumeIfAny)).map((group): OfferOperation => {
    const amounts = amountsOf(group);
    const id = newOperationId(turn, { kind, instanceId, agentId, amounts });
    // Where the end is not told, the next offer shows what has come of it.
    if (id.id === undefined) noteReleased(turn, { kind, instanceId, amounts });
    return { type: 'UNRESERVE', ...id, unreserve: { resources: group } };
  });
  return [...destroyed, ...unreserved];
};

/** A call did not get through: what it was to release may still be there. */
export const oweReleasesAgain = (turn: Turn, operations: readonly OfferOperation[]): void => {
  const { instances, releases } = turn.state;
  for (const operation of operations) {
    if (operation.type !== 'UNRESERVE') continue;
    for (const { holder, resources } of heldIn(operation.unreserve.resources ?? [])) {
      const { instanceId } = holder;
      if (instances.get(instanceId) !== undefined) continue;
      // One whose end is told was not taken for released yet.
      if (operation.id !== undefined && releases.has(instanceId)) continue;
      const [role = '*'] = resources.map(reservationRole);
      oweMore(turn, { ...holder, role, amounts: amountsOf(resources) });
    }
  }
};

const withoutVolumeIfAny = (resource: Resource): Resource =>
  isPersistentVolume(resource) ? withoutVolume(resource) : resource;
