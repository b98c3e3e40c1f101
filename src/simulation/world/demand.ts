import type { Random } from '../../runtime/random.ts';
import type { VirtualClock } from '../../runtime/virtual-clock.ts';
import type { LengthPlan, TaskKind } from '../scenario/scenario.ts';

/** Beyond this many that wait, further ones are not wanted: nobody would look for them. */
export const MOST_WAITING = 1_000_000;

/** Calls `want` whenever tasks of a kind are wanted, with their number, for as long as the simulation goes. */
export const startDemand = (
  kind: TaskKind,
  { clock, random, want }: { clock: VirtualClock; random: Random; want: (count: number) => void },
): void => {
  const { arrivals } = kind;
  let left = kind.count;
  const ask = (count: number): void => {
    const asked = Math.min(count, left);
    left -= asked;
    if (asked > 0) want(asked);
  };
  const repeat = (count: number, delayMs: () => number): void => {
    if (left <= 0) return;
    clock.setTimer(delayMs(), () => {
      ask(count);
      repeat(count, delayMs);
    });
  };
  switch (arrivals.type) {
    case 'at-once':
      ask(kind.count);
      break;
    case 'constant':
      // Not all in step: the first one comes at any moment of the interval.
      if (!Number.isFinite(arrivals.meanMs)) break;
      clock.setTimer(arrivals.meanMs * random.next(), () => {
        ask(1);
        repeat(1, () => arrivals.meanMs);
      });
      break;
    case 'poisson':
      if (Number.isFinite(arrivals.meanMs)) repeat(1, () => exponential(random, arrivals.meanMs));
      break;
    case 'burst':
      ask(arrivals.count);
      repeat(arrivals.count, () => arrivals.everyMs);
      break;
    case 'backlog':
      // Whoever launches one asks for the next: see VirtualFramework.
      ask(arrivals.count);
      break;
  }
};

/** How long one task runs; for ever when undefined. */
export const drawLength = (length: LengthPlan | undefined, random: Random): number | undefined => {
  switch (length?.type) {
    case undefined:
      return undefined;
    case 'constant':
      return length.ms;
    case 'exponential':
      return exponential(random, length.meanMs);
    case 'lognormal':
      return length.medianMs * Math.exp(length.sigma * normal(random));
  }
};

export const exponential = (random: Random, mean: number): number => -mean * Math.log(1 - random.next());

/** Box and Muller's. */
const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
