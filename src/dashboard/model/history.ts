import type { Quantities } from './quantities.ts';

/** Five minutes at one sample a second. */
const MOST_SAMPLES = 300;

/** Shares of the cluster that are held, from 0 to 100, by time; the columns are of equal length. */
export interface History {
  readonly seconds: readonly number[];
  readonly cpus: readonly number[];
  readonly mem: readonly number[];
  readonly disk: readonly number[];
}

export const NO_HISTORY: History = { seconds: [], cpus: [], mem: [], disk: [] };

/** The history with one more sample; the oldest goes when there are too many. */
export const withSample = (
  history: History,
  atSeconds: number,
  used: Quantities,
  total: Quantities,
): History => ({
  seconds: appended(history.seconds, atSeconds),
  cpus: appended(history.cpus, percent(used.cpus, total.cpus)),
  mem: appended(history.mem, percent(used.mem, total.mem)),
  disk: appended(history.disk, percent(used.disk, total.disk)),
});

/** What part of the whole, from 0 to 100; 0 of nothing. */
export const percent = (part: number, whole: number): number =>
  whole > 0 ? Math.min(100, Math.max(0, (part / whole) * 100)) : 0;

const appended = (values: readonly number[], value: number): number[] => [
  ...values.slice(Math.max(0, values.length - MOST_SAMPLES + 1)),
  value,
];
