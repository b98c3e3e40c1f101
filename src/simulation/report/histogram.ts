/** Values a bucket apart differ by a hundredth. */
const BUCKETS_PER_DOUBLING = 70;

/** How values are spread, in bounded memory: percentiles are right to a hundredth. Zero and what is below count as zero. */
export class Histogram {
  readonly #buckets = new Map<number, number>();
  #zeros = 0;
  #count = 0;
  #sum = 0;
  #max = 0;

  get count(): number {
    return this.#count;
  }

  add(value: number): void {
    this.#count++;
    this.#sum += value;
    this.#max = Math.max(this.#max, value);
    if (!(value > 0)) {
      this.#zeros++;
      return;
    }
    const bucket = Math.floor(Math.log2(value) * BUCKETS_PER_DOUBLING);
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + 1);
  }

  summary(): Spread {
    const [p50 = 0, p90 = 0, p99 = 0] = this.#quantiles([0.5, 0.9, 0.99]);
    const mean = this.#count === 0 ? 0 : this.#sum / this.#count;
    return { count: this.#count, mean, p50, p90, p99, max: this.#max };
  }

  /** For shares that grow. */
  #quantiles(shares: readonly number[]): number[] {
    const sorted = [...this.#buckets].sort(([one], [other]) => one - other);
    return shares.map((share) => {
      let left = share * this.#count - this.#zeros;
      if (left <= 0) return 0;
      for (const [bucket, count] of sorted) {
        left -= count;
        if (left <= 0) return Math.min(this.#max, 2 ** ((bucket + 0.5) / BUCKETS_PER_DOUBLING));
      }
      return this.#max;
    });
  }
}

export interface Spread {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}
