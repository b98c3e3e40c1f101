import type { Amounts } from '../scenario/scenario.ts';

/** Somebody who shares a cluster. */
export interface Sharer {
  readonly weight: number;
  /** Everything that it would use if it could. */
  readonly demand: Amounts;
  /** It gets this part of its demand, from 0 to 1, before anything is shared out: it is guaranteed. */
  readonly guaranteedPart: number;
  /** Never more than this part: it is limited. */
  readonly limitedPart: number;
}

const ROUNDS = 60;
const TINY = 1e-9;

/**
 * The dominant share that each is entitled to by weighted dominant resource fairness (Ghodsi and others, 2011) in a cluster
 * that could be divided without remainder: all shares grow in step with the weights, until a resource is used up; who needs
 * that one stops, the others go on. Nobody gets more than it asks for. Guarantees come first.
 */
export const entitledShares = (sharers: readonly Sharer[], capacity: Amounts): number[] => {
  const names = Object.keys(capacity).filter((name) => (capacity[name] ?? 0) > 0);
  const whole = sharers.map(({ demand }) =>
    names.reduce((share, name) => Math.max(share, (demand[name] ?? 0) / (capacity[name] ?? 1)), 0),
  );
  const parts: (number | undefined)[] = sharers.map((_, index) => ((whole[index] ?? 0) > 0 ? undefined : 0));
  const partAt = (index: number, level: number): number => {
    const settled = parts[index];
    const sharer = sharers[index];
    if (settled !== undefined || !sharer) return settled ?? 0;
    const fair = (level * sharer.weight) / (whole[index] ?? 1);
    return Math.max(sharer.guaranteedPart, Math.min(1, sharer.limitedPart, fair));
  };
  const usedAt = (name: string, level: number): number =>
    sharers.reduce((sum, { demand }, index) => sum + (demand[name] ?? 0) * partAt(index, level), 0);
  const exhaustedAt = (level: number): string[] =>
    open.filter((name) => usedAt(name, level) > (capacity[name] ?? 0) * (1 + TINY));
  // At this level everybody has all that it wants.
  const highest = sharers.reduce(
    (level, { weight }, index) => Math.max(level, (whole[index] ?? 0) / weight),
    0,
  );
  let open = names;
  for (;;) {
    if (exhaustedAt(highest).length === 0) break;
    let [low, high] = [0, highest];
    for (let round = 0; round < ROUNDS; round++) {
      const middle = (low + high) / 2;
      if (exhaustedAt(middle).length === 0) low = middle;
      else high = middle;
    }
    const scarce = new Set(exhaustedAt(high));
    sharers.forEach(({ demand }, index) => {
      if (parts[index] === undefined && [...scarce].some((name) => (demand[name] ?? 0) > 0)) {
        parts[index] = partAt(index, low);
      }
    });
    open = open.filter((name) => !scarce.has(name));
  }
  return sharers.map((_, index) => partAt(index, highest) * (whole[index] ?? 0));
};

/** Jain's index of fairness: 1 when all are alike, 1/n when one has everything. 1 of nobody. */
export const jainIndex = (values: readonly number[]): number => {
  const sum = values.reduce((total, value) => total + value, 0);
  const squares = values.reduce((total, value) => total + value * value, 0);
  return squares === 0 ? 1 : (sum * sum) / (values.length * squares);
};
