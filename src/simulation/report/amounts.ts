import type { Resource } from '../../mesos/generated/mesos.ts';
import type { Amounts } from '../scenario/scenario.ts';

const THOUSANDTHS = 1_000;

/** Sums of scalar resources, exact to a thousandth. */
export class AmountSum {
  readonly #thousandths = new Map<string, number>();

  add(resources: readonly Resource[], factor = 1): void {
    for (const { name, scalar } of resources) if (scalar) this.addOne(name, scalar.value * factor);
  }

  addAmounts(amounts: Amounts, factor = 1): void {
    for (const name in amounts) this.addOne(name, (amounts[name] ?? 0) * factor);
  }

  addOne(name: string, value: number): void {
    this.#thousandths.set(name, (this.#thousandths.get(name) ?? 0) + Math.round(value * THOUSANDTHS));
  }

  amounts(): Record<string, number> {
    return Object.fromEntries([...this.#thousandths].map(([name, value]) => [name, value / THOUSANDTHS]));
  }
}

/** The largest part that these are of any resource of the whole. */
export const dominantShare = (amounts: Amounts, whole: Amounts): number => {
  let share = 0;
  for (const name in amounts) {
    const total = whole[name] ?? 0;
    if (total > 0) share = Math.max(share, (amounts[name] ?? 0) / total);
  }
  return share;
};

const UNITS: Readonly<Record<string, string>> = { mem: ' MiB', disk: ' MiB' };

/** For people: `2 cpus, 512 MiB mem`. */
export const amountsText = (amounts: Amounts): string =>
  Object.entries(amounts)
    .filter(([, value]) => value !== 0)
    .map(([name, value]) => `${Math.round(value * THOUSANDTHS) / THOUSANDTHS}${UNITS[name] ?? ''} ${name}`)
    .join(', ');
