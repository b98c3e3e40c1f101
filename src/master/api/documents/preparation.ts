import type { Clock, Timer } from '../../../runtime/clock.ts';

/** Agents that come back after a start come by the thousand: nothing is prepared before so long nothing was heard of any. */
const AFTER_ARRIVAL_MS = 1_000;
const AFTER_CHANGE_MS = 5_000;
/** Less than half a processor, and nobody waits for it longer than that. */
const SLICE_MS = 4;
const PAUSE_MS = 6;

/**
 * Makes parts of documents before anybody asks for one: the first who asks for the state of a hundred thousand tasks would wait
 * for seconds, and all others of the same moment with him. Takes little time at a time and goes again over what there is some
 * seconds after a change; what is ready already costs a look.
 */
export class Preparation {
  readonly #clock: Clock;
  readonly #steps: () => Generator<void, void>;
  #timer: Timer | undefined;
  #isUnderWay = false;
  #isDue = false;
  #isClosed = false;

  constructor({ clock, steps }: { clock: Clock; steps: () => Generator<void, void> }) {
    this.#clock = clock;
    this.#steps = steps;
  }

  /** Something has changed. */
  changed({ isArrival }: { isArrival: boolean }): void {
    if (this.#isClosed || (this.#isDue && !isArrival)) return;
    this.#isDue = true;
    if (!this.#isUnderWay) this.#begin(isArrival ? AFTER_ARRIVAL_MS : AFTER_CHANGE_MS);
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  #begin(afterMs: number): void {
    this.#timer?.cancel();
    this.#timer = this.#clock.setTimer(afterMs, () => {
      this.#isDue = false;
      this.#isUnderWay = true;
      this.#go(this.#steps());
    });
  }

  #go(steps: Generator<void, void>): void {
    const endMs = performance.now() + SLICE_MS;
    let isDone = false;
    while (!isDone && performance.now() < endMs) isDone = steps.next().done === true;
    if (!isDone) {
      this.#timer = this.#clock.setTimer(PAUSE_MS, () => this.#go(steps));
      return;
    }
    this.#isUnderWay = false;
    if (this.#isDue) this.#begin(AFTER_CHANGE_MS);
  }
}
