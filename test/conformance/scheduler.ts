import { type HttpStream, openStream, request } from '../../src/http/client.ts';
import { readRecords } from '../../src/mesos/recordio.ts';
import { waitFor } from '../support/wait-for.ts';
import type { Capture, JsonObject } from './captures.ts';
import { decodeMessage, encodeBody } from './protobuf.ts';

const LONGEST_RECORD = 1e8;

/** A stream of events that a captured request opened. */
export interface EventStream {
  readonly capture: Capture;
  readonly headers: HttpStream['headers'];
  readonly status: number;
  /** Every event so far. */
  readonly events: JsonObject[];
  isClosed(): boolean;
  close(): void;
}

/** Opens the stream, and resolves once its first event is there. */
export const openEvents = async (
  capture: Capture,
  url: string,
  onEvent: (event: JsonObject) => void = () => undefined,
): Promise<EventStream> => {
  const { method, path, headers } = capture;
  const body = encodeBody(capture) ?? '';
  const stream = await openStream({ method, url: `${url}${path}`, headers, body });
  const events: JsonObject[] = [];
  let isClosed = false;
  const read = async (): Promise<void> => {
    for await (const record of readRecords(stream.body, LONGEST_RECORD)) {
      const event = decodeMessage(capture, record);
      events.push(event);
      onEvent(event);
    }
  };
  void read()
    .catch(() => undefined)
    .finally(() => {
      isClosed = true;
    });
  await waitFor(`the first event of ${capture.name}`, () => events.length > 0 || isClosed);
  return {
    capture,
    headers: stream.headers,
    status: stream.status,
    events,
    isClosed: () => isClosed,
    close: () => stream.close(),
  };
};

/** A scheduler of the captured walk: it acknowledges whatever wants to be. */
export interface Scheduler extends EventStream {
  readonly streamId: string;
  readonly frameworkId: string;
  /** Ids of the offers that it holds. */
  readonly offers: Map<string, JsonObject>;
  readonly inverseOffers: Map<string, JsonObject>;
  /** The statuses of its acknowledgements. */
  readonly acknowledged: number[];
  /** States whose updates it leaves unacknowledged. */
  readonly ignored: Set<string>;
  /** Whether every update that it should acknowledge was. */
  isUpToDate(): boolean;
  /** Acknowledges what it ignored so far, and ignores nothing from now on. */
  catchUp(): Promise<void>;
  call(type: string, body?: JsonObject): Promise<number>;
}

/** Subscribes as the captured scheduler did. Its framework id is empty when the master answered with an error. */
export const subscribe = async (
  capture: Capture,
  url: string,
  ignored: Set<string> = new Set(),
): Promise<Scheduler> => {
  const offers = new Map<string, JsonObject>();
  const inverseOffers = new Map<string, JsonObject>();
  const acknowledged: number[] = [];
  const ignoredUpdates: JsonObject[] = [];
  let wanted = 0;
  const early: JsonObject[] = [];
  let handle = (event: JsonObject): void => void early.push(event);
  const stream = await openEvents(capture, url, (event) => handle(event));
  const streamId = String(stream.headers['mesos-stream-id']);
  const [first] = stream.events;
  const frameworkId = first?.type === 'SUBSCRIBED' ? at(first, 'subscribed', 'framework_id', 'value') : '';

  const call: Scheduler['call'] = async (type, body) => {
    const response = await request({
      method: 'POST',
      url: `${url}/api/v1/scheduler`,
      headers: { 'Content-Type': 'application/json', 'Mesos-Stream-Id': streamId },
      body: JSON.stringify({
        type,
        framework_id: { value: frameworkId },
        ...(body === undefined ? {} : { [type.toLowerCase()]: body }),
      }),
    });
    return response.status;
  };
  const acknowledge = async ({ agent_id, task_id, uuid }: JsonObject): Promise<void> => {
    wanted++;
    acknowledged.push(await call('ACKNOWLEDGE', { agent_id, task_id, uuid }).catch(() => 0));
  };
  handle = (event) => {
    if (event.type === 'OFFERS') {
      const { offers: some } = event.offers as { offers: JsonObject[] };
      for (const offer of some) offers.set(at(offer, 'id', 'value'), offer);
    }
    if (event.type === 'INVERSE_OFFERS') {
      const { inverse_offers: some } = event.inverse_offers as { inverse_offers: JsonObject[] };
      for (const offer of some) inverseOffers.set(at(offer, 'id', 'value'), offer);
    }
    if (event.type === 'RESCIND') offers.delete(at(event, 'rescind', 'offer_id', 'value'));
    if (event.type !== 'UPDATE') return;
    const { status } = event.update as { status: JsonObject };
    if (status.uuid === undefined) return;
    if (ignored.has(String(status.state))) ignoredUpdates.push(status);
    else void acknowledge(status);
  };
  for (const event of early) handle(event);
  return {
    ...stream,
    streamId,
    frameworkId,
    offers,
    inverseOffers,
    acknowledged,
    ignored,
    isUpToDate: () => acknowledged.length === wanted,
    catchUp: async () => {
      ignored.clear();
      for (const status of ignoredUpdates.splice(0)) await acknowledge(status);
    },
    call,
  };
};

/** The text at the end of the path. Throws when there is none. */
export const at = (value: JsonObject, ...path: readonly string[]): string => {
  const end = path.reduce<unknown>((part, name) => (part as JsonObject | undefined)?.[name], value);
  if (typeof end !== 'string') throw new Error(`${path.join('.')} is missing in ${JSON.stringify(value)}`);
  return end;
};
