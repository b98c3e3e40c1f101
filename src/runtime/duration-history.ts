/** Beyond this many, the oldest of what is remembered goes. */
const MAX_SAMPLES = 1_000;

interface Sample {
  readonly atMs: number;
  readonly durationMs: number;
}

/** What the last durations of something were, over a window of time. */
export class DurationHistory {
  readonly #windowMs: number;
  readonly #samples: Sample[] = [];
  #last: number | undefined;

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  add(durationMs: number, nowMs: number): void {
    this.#last = durationMs;
    this.#samples.push({ atMs: nowMs, durationMs });
    if (this.#samples.length > MAX_SAMPLES) this.#samples.shift();
  }

  /**
   * The metrics of a timer called `name` as Mesos publishes them (mesos.md 3.12): the last duration, and of the window the
   * count, the extremes and the percentiles. Empty before the first one.
   */
  metrics(name: string, nowMs: number): Record<string, number> {
    if (this.#last === undefined) return {};
    const sorted = this.#samples
      .filter(({ atMs }) => nowMs - atMs <= this.#windowMs)
      .map(({ durationMs }) => durationMs)
      .sort((one, other) => one - other);
    const metrics: Record<string, number> = { [name]: this.#last };
    const first = sorted[0];
    if (first === undefined) return metrics;
    metrics[`${name}/count`] = sorted.length;
    metrics[`${name}/min`] = first;
    metrics[`${name}/max`] = sorted.at(-1) ?? first;
    for (const [suffix, part] of PERCENTILES) metrics[`${name}/${suffix}`] = percentile(sorted, part);
    return metrics;
  }
}

const PERCENTILES: readonly (readonly [string, number])[] = [
  ['p50', 0.5],
  ['p90', 0.9],
  ['p95', 0.95],
  ['p99', 0.99],
  ['p999', 0.999],
  ['p9999', 0.9999],
];

/** Between two samples, in proportion. */
const percentile = (sorted: readonly number[], part: number): number => {
  const position = part * (sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? 0;
  const above = sorted[Math.ceil(position)] ?? below;
  return below + (above - below) * (position - Math.floor(position));
};
