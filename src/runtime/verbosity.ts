import type { Clock, Timer } from './clock.ts';
import type { Log } from './log.ts';

/** How much a server logs beyond what it logs always: from level 1 on every call of an operator (mesos.md 3.1, 3.8). */
export class Verbosity {
  readonly #clock: Clock;
  readonly #log: Log;
  #level = 0;
  #end: Timer | undefined;

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  get level(): number {
    return this.#level;
  }

  /** For the time being; then it is quiet again. */
  raise(level: number, durationMs: number): void {
    this.#end?.cancel();
    this.#level = level;
    this.#end = this.#clock.setTimer(durationMs, () => {
      this.#level = 0;
    });
  }

  note(call: string): void {
    if (this.#level > 0) this.#log.info({ call }, 'operator call');
  }
}
