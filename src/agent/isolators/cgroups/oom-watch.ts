import { readFileSync } from 'node:fs';
import type { Clock, Timer } from '../../../runtime/clock.ts';
import type { Limitation } from '../isolator.ts';

const LOOK_EVERY_MS = 250;

interface Watched {
  readonly look: () => Limitation | undefined;
  readonly resolve: (limitation: Limitation) => void;
}

/**
 * Tells of containers in which the kernel killed something for want of memory. The machine's own count of such kills is one
 * file, however many containers there are: only when that has changed the containers are looked at.
 */
export class OomWatch {
  readonly #clock: Clock;
  readonly #watched = new Map<string, Watched>();
  #timer: Timer | undefined;
  #count = killsOfMachine();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves with what `look` finds first. */
  until(containerId: string, look: () => Limitation | undefined): Promise<Limitation> {
    return new Promise((resolve) => {
      const found = look();
      if (found) return resolve(found);
      this.#watched.set(containerId, { look, resolve });
      this.#start();
    });
  }

  forget(containerId: string): void {
    this.#watched.delete(containerId);
  }

  close(): void {
    this.#timer?.cancel();
    this.#watched.clear();
  }

  #start(): void {
    if (this.#timer || this.#watched.size === 0) return;
    this.#timer = this.#clock.setTimer(LOOK_EVERY_MS, () => {
      this.#timer = undefined;
      const count = killsOfMachine();
      // Of a machine that does not count, every look may be the one.
      if (count === undefined || count !== this.#count) this.#lookAtAll();
      this.#count = count;
      this.#start();
    });
  }

  #lookAtAll(): void {
    for (const [id, { look, resolve }] of this.#watched) {
      const found = look();
      if (!found) continue;
      this.#watched.delete(id);
      resolve(found);
    }
  }
}

const killsOfMachine = (): number | undefined => {
  try {
    const [, digits] = /^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'latin1')) ?? [];
    return digits === undefined ? undefined : Number(digits);
  } catch {
    return undefined;
  }
};
