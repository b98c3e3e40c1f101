import type { ServerResponse } from 'node:http';

/** A subscriber that falls this far behind is cut off. */
export const DEFAULT_BACKLOG_LIMIT_BYTES = 64 * 1024 * 1024;

/**
 * A long answer written piece by piece (RecordIO, SSE). Pieces of one round of the event loop leave in one system call,
 * and wake the reader once: together that costs more than making them. A reader that does not keep up is cut off once the
 * backlog passes its bound, so that it costs nobody else memory.
 */
export class OutputStream {
  readonly #response: ServerResponse;
  readonly #backlogLimitBytes: number;
  #isCorked = false;

  constructor(
    response: ServerResponse,
    onClose: () => void,
    backlogLimitBytes = DEFAULT_BACKLOG_LIMIT_BYTES,
  ) {
    this.#response = response;
    this.#backlogLimitBytes = backlogLimitBytes;
    response.on('close', onClose);
    response.socket?.setNoDelay(true);
    // The head leaves together with the first piece when that is there already, as it is for most subscriptions.
    this.#cork();
    response.flushHeaders();
  }

  get isOpen(): boolean {
    return !this.#response.destroyed && !this.#response.writableEnded;
  }

  write(piece: string | Uint8Array): void {
    if (!this.isOpen) return;
    this.#cork();
    this.#response.write(piece);
    if (this.#response.writableLength > this.#backlogLimitBytes) this.#response.destroy();
  }

  /** Ends the answer; what was written still arrives. */
  end(): void {
    this.#response.end();
  }

  /** Until this round of the event loop is over. */
  #cork(): void {
    if (this.#isCorked) return;
    this.#isCorked = true;
    this.#response.cork();
    setImmediate(() => {
      this.#isCorked = false;
      this.#response.uncork();
    });
  }
}
