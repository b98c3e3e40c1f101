import type { Clock, Timer } from '../../runtime/clock.ts';
import type { Limitation } from './isolator.ts';

/**
 * Looks at every watched container again and again, one after the other, so that thousands of them are a steady small load
 * and not a large one at once. A round begins an interval after the one before it began, or when that is over.
 */
export class PeriodicWatch {
  readonly #clock: Clock;
  readonly #everyMs: number;
  readonly #look: (containerId: string) => Promise<Limitation | undefined>;
  readonly #watched = new Map<string, (limitation: Limitation) => void>();
  #timer: Timer | undefined;
  #isLooking = false;
  #isClosed = false;

  constructor(clock: Clock, everyMs: number, look: (containerId: string) => Promise<Limitation | undefined>) {
    this.#clock = clock;
    this.#everyMs = everyMs;
    this.#look = look;
  }

  /** Resolves when a look finds a limit that was passed. */
  until(containerId: string): Promise<Limitation> {
    return new Promise((resolve) => {
      this.#watched.set(containerId, resolve);
      this.#start();
    });
  }

  forget(containerId: string): void {
    this.#watched.delete(containerId);
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  #start(): void {
    if (this.#timer || this.#isLooking || this.#isClosed || this.#watched.size === 0) return;
    this.#timer = this.#clock.setTimer(this.#everyMs, () => {
      this.#timer = undefined;
      void this.#round();
    });
  }

  async #round(): Promise<void> {
    this.#isLooking = true;
    for (const id of [...this.#watched.keys()]) {
      if (this.#isClosed) return;
      // A container that goes while it is looked at has nothing to tell.
      const limitation = await this.#look(id).catch(() => undefined);
      const resolve = this.#watched.get(id);
      if (!limitation || !resolve) continue;
      this.#watched.delete(id);
      resolve(limitation);
    }
    this.#isLooking = false;
    this.#start();
  }
}
