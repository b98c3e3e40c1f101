import type { Bag } from './bag.ts';
import { scalarsOf } from './bag.ts';
import { isUnderQuota } from './kind.ts';
import { increaseAll, type MutableQuantities, type Quantities } from './quantities.ts';

/** Sums over all agents. Sorters measure shares against them; `version` tells when all shares have changed. */
export class ClusterTotals {
  version = 0;
  readonly #all: MutableQuantities = new Map();
  readonly #underQuota: MutableQuantities = new Map();
  readonly #underQuotaAllocated: MutableQuantities = new Map();

  /** Every scalar, reserved and revocable ones included. */
  get all(): Quantities {
    return this.#all;
  }

  /** What an agent has went from one bag to another. */
  totalChanged(before: Bag, after: Bag): void {
    increaseAll(this.#all, scalarsOf(before), -1);
    increaseAll(this.#all, scalarsOf(after), 1);
    increaseAll(this.#underQuota, scalarsOf(before, isUnderQuota), -1);
    increaseAll(this.#underQuota, scalarsOf(after, isUnderQuota), 1);
    this.version++;
  }

  /** What counts against quotas was offered, allocated (1) or given back (-1). */
  allocationChanged(underQuota: Quantities, times: 1 | -1): void {
    increaseAll(this.#underQuotaAllocated, underQuota, times);
  }

  /** What could still be given to anybody: unreserved, not revocable, neither offered nor allocated. */
  headroom(): MutableQuantities {
    const headroom = new Map<string, number>();
    for (const [name, thousandths] of this.#underQuota) {
      const left = thousandths - (this.#underQuotaAllocated.get(name) ?? 0);
      if (left > 0) headroom.set(name, left);
    }
    return headroom;
  }
}
