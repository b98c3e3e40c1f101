import type { Turn } from '../turn.ts';
import { type Amounts, minus } from './amounts.ts';
import { putReservation } from './put-reservation.ts';
import { settleRelease } from './release.ts';

/** What was given up: all that an instance had, or what was too much for one that goes on. */
export type ReleaseKind = 'release' | 'surplus';

/** Notes that part of what is reserved for an instance is no more. */
export const noteReleased = (
  turn: Turn,
  { kind, instanceId, amounts }: { kind: ReleaseKind; instanceId: string; amounts: Amounts },
): void => {
  const instance = kind === 'surplus' ? turn.state.instances.get(instanceId) : undefined;
  const { reservation } = instance ?? {};
  if (instance === undefined || reservation?.amounts === undefined) settleRelease(turn, instanceId, amounts);
  else putReservation(turn, instance, { ...reservation, amounts: minus(reservation.amounts, amounts) });
};
