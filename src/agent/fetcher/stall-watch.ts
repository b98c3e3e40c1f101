import { Transform } from 'node:stream';
import type { Clock, Timer } from '../../runtime/clock.ts';

/** Counts what passes, and calls out when nothing does for too long. */
export class StallWatch extends Transform {
  bytes = 0;
  isStalled = false;
  #lastBytes = -1;
  #timer: Timer | undefined;
  readonly #options: { clock: Clock; stallTimeoutMs: number; onStall: () => void };

  constructor(options: { clock: Clock; stallTimeoutMs: number; onStall: () => void }) {
    super();
    this.#options = options;
    this.#look();
  }

  stop(): void {
    this.#timer?.cancel();
  }

  override _transform(chunk: Buffer, _encoding: string, done: (error: null, chunk: Buffer) => void): void {
    this.bytes += chunk.length;
    done(null, chunk);
  }

  #look(): void {
    const { clock, stallTimeoutMs, onStall } = this.#options;
    this.#lastBytes = this.bytes;
    this.#timer = clock.setTimer(stallTimeoutMs, () => {
      if (this.bytes > this.#lastBytes) return this.#look();
      this.isStalled = true;
      onStall();
    });
  }
}
