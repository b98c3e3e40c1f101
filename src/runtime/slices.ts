/** What a slice may take: a few of them together must not be noticed by whoever waits for another answer. */
const SLICE_MS = 4;

/**
 * Long computations that pause: a generator that yields wherever it can be interrupted, every few dozen microseconds. All
 * that run in a process take turns, and together they take one slice of a few milliseconds in a round of the event loop, so
 * that everything else is served in between.
 */
export class Slices {
  readonly #sliceMs: number;
  readonly #jobs: (() => boolean)[] = [];
  #isScheduled = false;

  constructor(sliceMs = SLICE_MS) {
    this.#sliceMs = sliceMs;
  }

  /** Runs the computation to its end and gives its result; what it throws rejects. Short ones are done in this call. */
  run<Result>(steps: Generator<void, Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#jobs.push(() => {
        try {
          const { done, value } = steps.next();
          if (done) resolve(value);
          return done === true;
        } catch (error) {
          reject(error);
          return true;
        }
      });
      if (!this.#isScheduled) this.#slice();
    });
  }

  /** The next slice is due after the events that have come meanwhile, even when this one was not used up. */
  #slice(): void {
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      if (this.#jobs.length > 0) this.#slice();
    });
    const end = performance.now() + this.#sliceMs;
    for (let step = this.#jobs[0]; step !== undefined; step = this.#jobs[0]) {
      while (!step()) {
        if (performance.now() < end) continue;
        const unfinished = this.#jobs.shift();
        if (unfinished) this.#jobs.push(unfinished);
        return;
      }
      this.#jobs.shift();
      if (performance.now() >= end) return;
    }
  }
}

/** The one that the servers of a process share. */
export const sharedSlices = new Slices();
