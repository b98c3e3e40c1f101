import type { Amounts } from './allocator-types.ts';

/**
 * Amounts of scalar resources by name, in thousandths: Mesos counts with three decimals (mesos.md 1.9.1), and whole numbers
 * add up exactly. Absent means zero; sums drop what has become zero.
 */
export type Quantities = ReadonlyMap<string, number>;
export type MutableQuantities = Map<string, number>;

const THOUSANDTHS = 1000;

export const toThousandths = (amount: number): number => Math.round(amount * THOUSANDTHS);
export const fromThousandths = (thousandths: number): number => thousandths / THOUSANDTHS;

/** With zeros kept: a limit of zero is a limit. */
export const quantitiesOf = (amounts: Amounts): MutableQuantities =>
  new Map(Object.entries(amounts).map(([name, amount]) => [name, toThousandths(amount)]));

export const amountsOf = (quantities: Quantities): Amounts =>
  Object.fromEntries(Array.from(quantities, ([name, thousandths]) => [name, fromThousandths(thousandths)]));

export const increase = (target: MutableQuantities, name: string, by: number): void => {
  const sum = (target.get(name) ?? 0) + by;
  if (sum === 0) target.delete(name);
  else target.set(name, sum);
};

/** Adds `times` as much as `added` (1 to add, -1 to take away). */
export const increaseAll = (target: MutableQuantities, added: Quantities, times: 1 | -1): void => {
  for (const [name, thousandths] of added) increase(target, name, times * thousandths);
};

/** What of `wanted` is above `had`; names that are met are left out. */
export const shortfall = (wanted: Quantities, ...had: readonly Quantities[]): MutableQuantities => {
  const missing: MutableQuantities = new Map();
  for (const [name, thousandths] of wanted) {
    const left = had.reduce((rest, quantities) => rest - (quantities.get(name) ?? 0), thousandths);
    if (left > 0) missing.set(name, left);
  }
  return missing;
};

/** Whether there is at least as much of everything. */
export const covers = (quantities: Quantities, wanted: Quantities): boolean => {
  for (const [name, thousandths] of wanted) {
    if ((quantities.get(name) ?? 0) < thousandths) return false;
  }
  return true;
};
