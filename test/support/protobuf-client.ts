import { type HttpResponse, type HttpStream, openStream, request } from '../../src/http/client.ts';
import { protobufCodec } from '../../src/mesos/codec/protobuf-codec.ts';
import { readRecords } from '../../src/mesos/recordio.ts';
import { waitFor } from './wait-for.ts';

export const PROTOBUF = 'application/x-protobuf';
const HEADERS = { 'Content-Type': PROTOBUF, Accept: PROTOBUF };

export const encode = (name: string, message: object): Buffer =>
  Buffer.from(protobufCodec.encode(`mesos.v1.${name}`, message));

export const decode = <Message = Record<string, unknown>>(name: string, bytes: Uint8Array): Message =>
  protobufCodec.decode<Message>(`mesos.v1.${name}`, bytes);

/** Posts a call, protobuf both ways unless the headers say otherwise. */
export const postProtobuf = (
  url: string,
  body: Uint8Array | string,
  headers: Readonly<Record<string, string>> = {},
): Promise<HttpResponse> => request({ method: 'POST', url, headers: { ...HEADERS, ...headers }, body });

export interface ProtobufStream<Event> {
  readonly stream: HttpStream;
  /** Every event so far. */
  readonly events: Event[];
  /** Resolves with the first event that fits. */
  until(what: string, fits: (event: Event) => boolean): Promise<Event>;
  close(): void;
}

/** Subscribes, and reads the events of the given message as they come. */
export const openProtobufStream = async <Event>(
  url: string,
  body: Uint8Array,
  name: string,
): Promise<ProtobufStream<Event>> => {
  const stream = await openStream({ method: 'POST', url, headers: HEADERS, body });
  const events: Event[] = [];
  const read = async (): Promise<void> => {
    for await (const record of readRecords(stream.body, 10_000_000)) {
      events.push(decode<Event>(name, record));
    }
  };
  // The end of the test ends the stream.
  read().catch(() => undefined);
  return {
    stream,
    events,
    until: (what, fits) =>
      waitFor(what, () => events.find(fits) as Exclude<Event, undefined | false> | undefined),
    close: () => stream.close(),
  };
};
