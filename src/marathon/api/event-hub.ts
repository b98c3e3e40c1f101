import { OutputStream } from '../../http/output-stream.ts';
import type { Exchange } from '../../http/router.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { MarathonEngine } from '../engine.ts';
import { createEventHistory } from './event-history.ts';
import { time } from './json/task-json.ts';
import { accepts } from './request.ts';
import { STANDARD_HEADERS } from './standard-headers.ts';
import { apiError } from './to-http-error.ts';

/** Something that happened, as a client of the stream sees it. */
export interface ApiEvent {
  readonly eventType: string;
  readonly [field: string]: unknown;
}

export interface EventHub {
  /** Tells all streams; the time is added. */
  publish(event: ApiEvent): void;
  /**
   * Tells all streams of a request as soon as the change that it asked for (to this version of the root group) is
   * durable, before whatever comes of it.
   */
  announce(version: string, requests: readonly ApiEvent[]): void;
  /** The change was refused: nothing is told of its requests. Another change may have got its version meanwhile. */
  retract(version: string, requests: readonly ApiEvent[]): void;
  /**
   * Answers with the stream of events (marathon.md 1.13). A client that names the last event that it had (Last-Event-ID)
   * is first told what came after; when that is no longer known, `event_stream_gap` says so before all that is kept.
   */
  attach(exchange: Exchange): void;
  /** Ends all streams, as a leader does that steps down; clients come again. */
  detachAll(): void;
}

/** More streams than this are refused. */
const MAX_STREAMS = 500;
/** A client that is this far behind is cut off; about Marathon's 1024 messages. */
const BACKLOG_BYTES = 4 * 1024 * 1024;
/** Clients take silence for death (marathon-lb after 300 s). */
const KEEP_ALIVE_MS = 10_000;

interface Stream {
  readonly output: OutputStream;
  /** Empty: all. */
  readonly types: ReadonlySet<string>;
}

/** Spreads what happens, in the engine and in the API, over all streams of /v2/events. */
export const createEventHub = (
  engine: Pick<MarathonEngine, 'subscribe'>,
  clock: Clock,
  /** Told how many bytes of events were handed to clients. */
  onSent: (bytes: number) => void,
): EventHub => {
  const streams = new Set<Stream>();
  const history = createEventHistory({ life: clock.now().toString(36) });
  const announced = new Map<string, readonly ApiEvent[]>();

  const write = (event: ApiEvent, timestamp: string): void => {
    const { eventType, ...fields } = event;
    const { frame } = history.add(eventType, JSON.stringify({ ...fields, eventType, timestamp }));
    let told = 0;
    for (const { output, types } of streams) {
      if (!isWanted(types, eventType)) continue;
      output.write(frame);
      told++;
    }
    if (told > 0) onSent(told * Buffer.byteLength(frame));
  };
  const publish = (event: ApiEvent): void => write(event, time(clock.now()));

  let isBeating = false;
  const beat = (): void => {
    if (isBeating || streams.size === 0) return;
    isBeating = true;
    clock.setTimer(KEEP_ALIVE_MS, () => {
      isBeating = false;
      for (const { output } of streams) output.write('\r\n');
      beat();
    });
  };

  engine.subscribe((event) => {
    if (event.eventType === 'group_change_success') {
      for (const request of announced.get(event.version) ?? []) publish(request);
      announced.delete(event.version);
    }
    write({ ...event }, event.timestamp);
  });

  return {
    publish,
    announce: (version, requests) => void announced.set(version, requests),
    retract: (version, requests) => {
      if (announced.get(version) === requests) announced.delete(version);
    },
    attach: ({ request, response, query }) => {
      if (!accepts(request, 'text/event-stream')) {
        throw apiError(406, 'Events are sent as text/event-stream only: say so in the Accept header');
      }
      if (streams.size >= MAX_STREAMS) throw apiError(503, `More than ${MAX_STREAMS} event streams are open`);
      const remoteAddress = request.socket.remoteAddress ?? '';
      response.writeHead(200, {
        ...STANDARD_HEADERS,
        'Content-Type': 'text/event-stream;charset=utf-8',
        'X-Accel-Buffering': 'no',
      });
      const onClose = (): void => {
        streams.delete(stream);
        publish({ eventType: 'event_stream_detached', remoteAddress });
      };
      const output = new OutputStream(response, onClose, BACKLOG_BYTES);
      const types = new Set(query.getAll('event_type'));
      const stream = { output, types };
      const lastEventId = request.headers['last-event-id'];
      if (typeof lastEventId === 'string' && lastEventId !== '') {
        const { isComplete, events } = history.after(lastEventId);
        if (!isComplete) output.write(gapFrame(lastEventId, time(clock.now())));
        for (const { eventType, frame } of events) if (isWanted(types, eventType)) output.write(frame);
      }
      streams.add(stream);
      beat();
      publish({ eventType: 'event_stream_attached', remoteAddress });
    },
    detachAll: () => {
      for (const { output } of [...streams]) output.end();
    },
  };
};

const isWanted = (types: Stream['types'], eventType: string): boolean =>
  types.size === 0 || types.has(eventType);

/** Goes to everyone who has to know, whatever types were asked for; it has no id, because it did not happen to others. */
const gapFrame = (lastEventId: string, timestamp: string): string => {
  const eventType = 'event_stream_gap';
  const message = 'What came after this event is not known any more: read the state anew';
  return `event: ${eventType}\r\ndata: ${JSON.stringify({ lastEventId, message, eventType, timestamp })}\r\n\r\n`;
};
