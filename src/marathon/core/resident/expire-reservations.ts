import { isBound } from '../../definitions/run-spec.ts';
import { runSpecOf } from '../../groups/root-group.ts';
import type { Instance } from '../instance.ts';
import type { Turn } from '../turn.ts';
import { putReservation } from './put-reservation.ts';

/**
 * Gives up reservations that no offer has shown for too long (`--task_reservation_timeout`): their instances are placed
 * anew. Should one come up after all, it is released as one that nobody has.
 */
export const expireReservations = (turn: Turn): void => {
  const { state, settings, nowMs } = turn;
  let nextMs = Number.POSITIVE_INFINITY;
  for (const instance of waitingResidents(turn)) {
    const { role, reservation } = instance;
    if (reservation === undefined || reservation.isConfirmed) continue;
    const endMs = reservation.sinceMs + settings.taskReservationTimeoutMs;
    if (endMs > nowMs) {
      nextMs = Math.min(nextMs, endMs);
      continue;
    }
    putReservation(turn, instance, undefined);
    state.master.rolesToRevive.add(role);
    turn.isDemandChanged = true;
  }
  if (nextMs < Number.POSITIVE_INFINITY) turn.setTimer('reservations', nextMs - nowMs);
};

const waitingResidents = ({ state }: Turn): Instance[] =>
  [...state.queue.keys()].flatMap((specId) => {
    const spec = runSpecOf(state.root, specId);
    if (spec === undefined || !isBound(spec)) return [];
    return [...state.instances.scheduled(specId)].flatMap((id) => state.instances.get(id) ?? []);
  });
