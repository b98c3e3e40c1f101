import type { ServerResponse } from 'node:http';
import { OutputStream } from '../../http/output-stream.ts';
import { encodeRecord } from '../../mesos/recordio.ts';
import type { Clock, Timer } from '../../runtime/clock.ts';

interface OpenStream<Event> {
  readonly output: OutputStream;
  /** In the encoding that the reader asked for. */
  readonly encode: (event: Event) => string | Uint8Array;
  heartbeat: Timer | undefined;
}

/** Open RecordIO answers by their stream id. One whose reader does not keep up is cut off at the output's bound. */
export class EventStreams<Event> {
  readonly #clock: Clock;
  readonly #streams = new Map<string, OpenStream<Event>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Begins the answer; `onClose` hears of its end, whoever ended it. */
  open(
    id: string,
    response: ServerResponse,
    {
      mediaType,
      encode,
      onClose,
    }: { mediaType: string; encode: (event: Event) => string | Uint8Array; onClose: () => void },
  ): void {
    response.writeHead(200, { 'Content-Type': mediaType, 'Mesos-Stream-Id': id });
    const output = new OutputStream(response, () => {
      this.#streams.get(id)?.heartbeat?.cancel();
      this.#streams.delete(id);
      onClose();
    });
    this.#streams.set(id, { output, encode, heartbeat: undefined });
  }

  /** What is sent to a stream that is closed is lost; its reader will ask again. */
  send(id: string, event: Event): void {
    const stream = this.#streams.get(id);
    stream?.output.write(encodeRecord(stream.encode(event)));
  }

  /** Sends the event now, and then at this interval for as long as the stream is open. */
  sendRepeatedly(id: string, event: Event, options: { everyMs: number; onSent: () => void }): void {
    const stream = this.#streams.get(id);
    if (!stream) return;
    this.send(id, event);
    options.onSent();
    stream.heartbeat = this.#clock.setTimer(options.everyMs, () => this.sendRepeatedly(id, event, options));
  }

  /** Ends the answer once what was sent is on its way. */
  end(id: string): void {
    this.#streams.get(id)?.output.end();
  }

  close(): void {
    for (const { output, heartbeat } of this.#streams.values()) {
      heartbeat?.cancel();
      output.end();
    }
  }
}
