import type { Instance, Reservation } from '../instance.ts';
import type { Turn } from '../turn.ts';

/** Notes what an instance has reserved; undefined that it has nothing any more, and has to be placed anew. */
export const putReservation = (
  turn: Turn,
  { reservation: _before, ...instance }: Instance,
  reservation: Reservation | undefined,
): void => {
  turn.putInstance(reservation === undefined ? instance : { ...instance, reservation });
  if (reservation?.isConfirmed === false) {
    turn.setTimer('reservations', turn.settings.taskReservationTimeoutMs);
  }
};
