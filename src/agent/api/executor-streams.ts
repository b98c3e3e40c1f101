import type { OutputStream } from '../../http/output-stream.ts';
import type { Event } from '../../mesos/generated/executor.ts';
import { encodeRecord } from '../../mesos/recordio.ts';
import type { Clock } from '../../runtime/clock.ts';

/** Writes an event in the encoding that the executor asked for. */
export type EncodeEvent = (event: Event) => string | Uint8Array;

const HEARTBEAT_EVERY_MS = 30 * 60_000;
const BACKLOG_LIMIT_BYTES = 16 * 1024 * 1024;

export { BACKLOG_LIMIT_BYTES };

/** The open event streams of custom executors, one per run (mesos.md 2.3, 2.4). */
export class ExecutorStreams {
  readonly #clock: Clock;
  readonly #streams = new Map<string, { stream: OutputStream; encode: EncodeEvent }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes the place of an older stream of the same run, which is closed. */
  open(runId: string, stream: OutputStream, encode: EncodeEvent): void {
    this.close(runId);
    this.#streams.set(runId, { stream, encode });
    this.#beat(runId, stream);
  }

  send(runId: string, event: Event): void {
    const open = this.#streams.get(runId);
    open?.stream.write(encodeRecord(open.encode(event)));
  }

  /** Whether this is the stream that events go to now. */
  isCurrent(runId: string, stream: OutputStream): boolean {
    return this.#streams.get(runId)?.stream === stream;
  }

  close(runId: string): void {
    const open = this.#streams.get(runId);
    this.#streams.delete(runId);
    open?.stream.end();
  }

  #beat(runId: string, stream: OutputStream): void {
    this.#clock.setTimer(HEARTBEAT_EVERY_MS, () => {
      if (!this.isCurrent(runId, stream)) return;
      this.send(runId, { type: 'HEARTBEAT' });
      this.#beat(runId, stream);
    });
  }
}
