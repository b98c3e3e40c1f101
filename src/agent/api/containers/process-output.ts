import type { ServerResponse } from 'node:http';
import type { Codec } from '../../../mesos/codec/codec.ts';
import type { ProcessIO } from '../../../mesos/generated/agent.ts';
import { encodeRecord } from '../../../mesos/recordio.ts';
import type { Clock, Timer } from '../../../runtime/clock.ts';
import type { OutputName, OutputSink } from '../../sessions/output-fan.ts';
import type { Format } from '../operator-wire.ts';

/** As Mesos' agents have it. */
const HEARTBEAT_EVERY_MS = 30_000;

/** The output of a container as the answer to a call: records of ProcessIO, with a heartbeat when nothing else is said. */
export class ProcessOutput implements OutputSink {
  onRoom = (): void => undefined;
  readonly #response: ServerResponse;
  readonly #codec: Codec;
  readonly #clock: Clock;
  #heartbeat: Timer | undefined;

  /** Sends the headers. `onGone` is called when the reader is gone before the end. */
  constructor(
    response: ServerResponse,
    { answer: { codec, isStream }, clock, onGone }: { answer: Format; clock: Clock; onGone: () => void },
  ) {
    this.#response = response;
    this.#codec = codec;
    this.#clock = clock;
    response.on('drain', () => this.onRoom());
    response.on('close', () => {
      this.#heartbeat?.cancel();
      if (!response.writableFinished) onGone();
    });
    response.socket?.setNoDelay(true);
    response.writeHead(200, {
      'Content-Type': isStream ? 'application/recordio' : codec.mediaType,
      ...(isStream ? { 'Message-Content-Type': codec.mediaType } : {}),
    });
    response.flushHeaders();
    this.#beatLater();
  }

  write(type: OutputName, chunk: Buffer): boolean {
    return this.#send({ type: 'DATA', data: { type, data: chunk.toString('base64') } });
  }

  end(): void {
    this.#heartbeat?.cancel();
    this.#response.end();
  }

  cut(): void {
    this.#response.destroy();
  }

  #send(message: ProcessIO): boolean {
    if (this.#response.destroyed) return true;
    const isTaken = this.#response.write(
      encodeRecord(this.#codec.encode('mesos.v1.agent.ProcessIO', message)),
    );
    // A reader that is gone keeps nobody waiting.
    return isTaken || this.#response.destroyed;
  }

  #beatLater(): void {
    this.#heartbeat = this.#clock.setTimer(HEARTBEAT_EVERY_MS, () => {
      const interval = { nanoseconds: HEARTBEAT_EVERY_MS * 1e6 };
      if (!this.#response.writableNeedDrain) {
        this.#send({ type: 'CONTROL', control: { type: 'HEARTBEAT', heartbeat: { interval } } });
      }
      this.#beatLater();
    });
  }
}
