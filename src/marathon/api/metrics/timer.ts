import { createMeter, type MeterReading } from './meter.ts';

/** How long something took, in seconds: the distribution of the latest times, and how often it happens. */
export interface TimerReading extends MeterReading {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly stddev: number;
  readonly p50: number;
  readonly p75: number;
  readonly p95: number;
  readonly p98: number;
  readonly p99: number;
  readonly p999: number;
}

export interface Timer {
  /** Takes a duration in seconds. */
  record(seconds: number): void;
  read(): TimerReading;
}

/** The distribution is that of so many latest times, as many as Dropwizard's reservoir holds. */
const KEPT_TIMES = 1_028;

/** `now` gives milliseconds. */
export const createTimer = (now: () => number): Timer => {
  const meter = createMeter(now);
  const latest: number[] = [];
  return {
    record: (seconds) => {
      latest[meter.read().count % KEPT_TIMES] = seconds;
      meter.mark();
    },
    read: () => {
      const sorted = latest.toSorted((one, other) => one - other);
      const at = (share: number): number => sorted[Math.ceil(sorted.length * share) - 1] ?? 0;
      const mean = average(sorted);
      return {
        ...meter.read(),
        min: sorted[0] ?? 0,
        max: sorted.at(-1) ?? 0,
        mean,
        stddev: Math.sqrt(average(sorted.map((seconds) => (seconds - mean) ** 2))),
        p50: at(0.5),
        p75: at(0.75),
        p95: at(0.95),
        p98: at(0.98),
        p99: at(0.99),
        p999: at(0.999),
      };
    },
  };
};

const average = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
