/** How often something happens: how many times in all, and per second over the last 1, 5 and 15 minutes and over all time. */
export interface MeterReading {
  readonly count: number;
  readonly m1_rate: number;
  readonly m5_rate: number;
  readonly m15_rate: number;
  readonly mean_rate: number;
}

export interface Meter {
  mark(): void;
  read(): MeterReading;
}

/** The averages decay in steps of this, whenever one looks, as Unix' load averages do. */
const STEP_MS = 5_000;
const MINUTES = [1, 5, 15] as const;

/** A meter in the manner of Dropwizard's: exponentially weighted averages. `now` gives milliseconds. */
export const createMeter = (now: () => number): Meter => {
  const startedMs = now();
  let [count, uncounted, steps] = [0, 0, 0];
  let rates: readonly number[] | undefined;

  const catchUp = (): void => {
    const due = Math.floor((now() - startedMs) / STEP_MS) - steps;
    if (due <= 0) return;
    steps += due;
    const latest = uncounted / (STEP_MS / 1000);
    uncounted = 0;
    rates = MINUTES.map((minutes, index) => {
      const kept = Math.exp(-STEP_MS / 60_000 / minutes);
      const before = rates?.[index];
      const first = before === undefined ? latest : latest + (before - latest) * kept;
      // In the steps that nobody looked at nothing happened: whatever happens is a look.
      return first * kept ** (due - 1);
    });
  };

  return {
    mark: () => {
      catchUp();
      count++;
      uncounted++;
    },
    read: () => {
      catchUp();
      const [m1_rate = 0, m5_rate = 0, m15_rate = 0] = rates ?? [];
      const seconds = (now() - startedMs) / 1000;
      return { count, m1_rate, m5_rate, m15_rate, mean_rate: seconds > 0 ? count / seconds : 0 };
    },
  };
};
