import { isDeepStrictEqual } from 'node:util';
import type { OfferedAgent } from '../../../mesos/agent-fields.ts';
import type { Offer, OfferOperation, Resource } from '../../../mesos/generated/mesos.ts';
import type { RunSpec } from '../../definitions/run-spec.ts';
import type { Instance, Reservation } from '../instance.ts';
import { launchedAs } from '../rollout/rollout.ts';
import type { Turn } from '../turn.ts';
import { amountsOf } from './amounts.ts';
import { type HeldNeed, type HeldResources, heldIn, takeHeld, volumeIdsOf } from './held-resources.ts';
import { putReservation } from './put-reservation.ts';
import { isReleasable, releaseHeld } from './release-held.ts';

/** A resident whose next task can be launched on what is reserved for it. */
export interface ReadyResident {
  readonly instance: Instance;
  readonly spec: RunSpec;
  readonly resources: readonly Resource[];
  readonly hostPorts: readonly number[];
}

export interface PlacedResidents {
  readonly ready: readonly ReadyResident[];
  /** To be carried out before anything is launched. */
  readonly operations: readonly OfferOperation[];
}

/**
 * Goes through what an offer shows as reserved (marathon.md 3.7, 3.17): finds the residents that it can launch, and gives
 * up what nobody has any more. `needOf` says what the tasks of a definition use beside its volumes.
 */
export const placeResidents = (
  turn: Turn,
  offer: Offer,
  { agent, needOf }: { agent: OfferedAgent; needOf: (spec: RunSpec) => HeldNeed },
): PlacedResidents => {
  const ready: ReadyResident[] = [];
  const operations: OfferOperation[] = [];
  for (const held of heldIn(offer.resources ?? [])) {
    const place = { instanceId: held.holder.instanceId, agentId: agent.id };
    if (isReleasable(turn, held, agent.id)) {
      operations.push(...releaseHeld(turn, { ...place, kind: 'release' }, held.resources));
      continue;
    }
    const waiting = waitingFor(turn, held);
    if (waiting === undefined) continue;
    const { instance, spec, reservation } = waiting;
    const taken = takeHeld(held.resources, needOf(spec), reservation);
    if (!taken.isComplete) continue;
    const shown = { ...reservation, agent, amounts: amountsOf(held.resources), isConfirmed: true };
    if (!isDeepStrictEqual(reservation, shown)) putReservation(turn, instance, shown);
    if (taken.surplus.length > 0) {
      operations.push(...releaseHeld(turn, { ...place, kind: 'surplus' }, taken.surplus));
    }
    ready.push({
      instance: turn.state.instances.get(instance.id) ?? instance,
      spec,
      resources: taken.resources,
      hostPorts: reservation.hostPorts,
    });
  }
  return { ready, operations };
};

/** The instance that waits for these resources, if it does. */
const waitingFor = (
  { state }: Turn,
  { holder, resources }: HeldResources,
): { instance: Instance; spec: RunSpec; reservation: Reservation } | undefined => {
  const instance = state.instances.get(holder.instanceId);
  const { reservation } = instance ?? {};
  const spec = instance && launchedAs(state, instance);
  if (instance?.condition !== 'Scheduled' || instance.goal !== 'Running') return undefined;
  if (spec === undefined || reservation?.frameworkId !== holder.frameworkId) return undefined;
  const ids = volumeIdsOf(resources);
  return reservation.volumes.some(({ persistenceId }) => ids.includes(persistenceId))
    ? { instance, spec, reservation }
    : undefined;
};
