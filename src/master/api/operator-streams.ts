import type { ServerResponse } from 'node:http';
import type { LongBody } from '../../http/long-body.ts';
import { OutputStream } from '../../http/output-stream.ts';
import { writeChunks } from '../../http/send-long.ts';
import type { Codec } from '../../mesos/codec/codec.ts';
import { MessageGroup } from '../../mesos/codec/long-message.ts';
import type { Event } from '../../mesos/generated/master.ts';
import { encodeRecord } from '../../mesos/recordio.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Observation } from '../core/effect.ts';
import { HEARTBEAT_INTERVAL_SECONDS } from '../core/settings.ts';
import { messageBody } from './documents/make-document.ts';
import type { Preparation } from './documents/preparation.ts';
import type { MakeDocument, SharedDocuments } from './documents/shared-documents.ts';
import { agentMessage, frameworkMessage, getState } from './operator-messages.ts';

const BACKLOG_LIMIT_BYTES = 16 * 1024 * 1024;
const MAX_STREAMS = 1000;

interface Subscriber {
  readonly response: ServerResponse;
  readonly stream: OutputStream;
  readonly codec: Codec;
  /** Records that came since the view that its snapshot is of, until that is sent; undefined then. */
  waiting: Uint8Array[] | undefined;
  waitingBytes: number;
}

/**
 * The operator event streams (mesos.md 3.2): each begins with the whole state, then come the changes. The bounds are
 * Mesos': of more than 1000 streams the oldest is closed; one whose reader does not keep up is cut off.
 *
 * The snapshot is a shared document, sent as fast as it is read; what happens meanwhile waits, within the same bound. Events
 * are encoded once for each codec, and those of one round of the event loop leave in one piece.
 */
export class OperatorStreams {
  readonly #documents: SharedDocuments;
  readonly #preparation: Preparation;
  readonly #clock: Clock;
  readonly #maxStreams: number;
  readonly #subscribers = new Set<Subscriber>();
  /** Events of this round. */
  #round: Event[] = [];

  constructor({
    documents,
    preparation,
    clock,
    maxStreams,
  }: {
    documents: SharedDocuments;
    preparation: Preparation;
    clock: Clock;
    maxStreams?: number;
  }) {
    this.#documents = documents;
    this.#preparation = preparation;
    this.#clock = clock;
    this.#maxStreams = maxStreams ?? MAX_STREAMS;
  }

  get count(): number {
    return this.#subscribers.size;
  }

  /** Resolves when the snapshot is on its way, or nobody wants it any more. */
  async subscribe(response: ServerResponse, codec: Codec): Promise<void> {
    response.writeHead(200, { 'Content-Type': codec.mediaType });
    const stream = new OutputStream(
      response,
      () => this.#subscribers.delete(subscriber),
      BACKLOG_LIMIT_BYTES,
    );
    const subscriber: Subscriber = { response, stream, codec, waiting: [], waitingBytes: 0 };
    this.#subscribers.add(subscriber);
    const [oldest] = this.#subscribers;
    if (oldest && this.#subscribers.size > this.#maxStreams) this.#end(oldest);
    const held = await this.#documents.read(`${codec.mediaType} SUBSCRIBED`, snapshot(codec), () => {
      // What this round told already is part of the view.
      this.#tellRound();
      subscriber.waiting = [];
      subscriber.waitingBytes = 0;
    });
    try {
      await this.#begin(subscriber, held.body, held.signal);
    } finally {
      held.release();
    }
  }

  /** Tells all streams about a change, in its state of now. */
  observe(observation: Observation): void {
    this.#preparation.changed({ isArrival: observation.type === 'agent-added' });
    if (this.#subscribers.size === 0) return;
    if (this.#round.length === 0) setImmediate(() => this.#tellRound());
    this.#round.push(eventOf(observation));
  }

  close(): void {
    this.#tellRound();
    for (const subscriber of this.#subscribers) this.#end(subscriber);
    this.#documents.close();
    this.#preparation.close();
  }

  async #begin(subscriber: Subscriber, { chunks, length }: LongBody, signal: AbortSignal): Promise<void> {
    if (!subscriber.stream.isOpen) return;
    await writeChunks(subscriber.response, [Buffer.from(`${length}\n`), ...chunks], signal);
    const waiting = subscriber.waiting ?? [];
    subscriber.waiting = undefined;
    this.#beat(subscriber);
    for (const records of waiting) subscriber.stream.write(records);
  }

  #tellRound(): void {
    const events = this.#round;
    if (events.length === 0) return;
    this.#round = [];
    const encoded = new Map<Codec, Uint8Array>();
    for (const subscriber of this.#subscribers) {
      const records = encoded.get(subscriber.codec) ?? recordsOf(subscriber.codec, events);
      encoded.set(subscriber.codec, records);
      this.#tell(subscriber, records);
    }
  }

  #tell(subscriber: Subscriber, records: Uint8Array): void {
    const { response, stream, waiting } = subscriber;
    if (waiting === undefined) {
      stream.write(records);
      return;
    }
    waiting.push(records);
    subscriber.waitingBytes += records.length;
    if (subscriber.waitingBytes > BACKLOG_LIMIT_BYTES) response.destroy();
  }

  #end(subscriber: Subscriber): void {
    this.#subscribers.delete(subscriber);
    // Without its beginning the rest is worth nothing.
    if (subscriber.waiting === undefined) subscriber.stream.end();
    else subscriber.response.destroy();
  }

  #beat(subscriber: Subscriber): void {
    if (!this.#subscribers.has(subscriber)) return;
    subscriber.stream.write(recordsOf(subscriber.codec, [{ type: 'HEARTBEAT' }]));
    this.#clock.setTimer(HEARTBEAT_INTERVAL_SECONDS * 1000, () => this.#beat(subscriber));
  }
}

const EVENT = 'mesos.v1.master.Event';

const recordsOf = (codec: Codec, events: readonly Event[]): Uint8Array => {
  const records = events.map((event) => encodeRecord(codec.encode(EVENT, event)));
  return Buffer.concat(records.map((record) => (typeof record === 'string' ? Buffer.from(record) : record)));
};

const snapshot =
  (codec: Codec): MakeDocument =>
  (view, fragments) =>
    messageBody(
      codec,
      new MessageGroup(EVENT, {
        type: 'SUBSCRIBED',
        subscribed: new MessageGroup(`${EVENT}.Subscribed`, {
          get_state: getState(view, fragments),
          heartbeat_interval_seconds: HEARTBEAT_INTERVAL_SECONDS,
        }),
      }),
    );

const eventOf = (observation: Observation): Event => {
  switch (observation.type) {
    case 'task-added':
      return { type: 'TASK_ADDED', task_added: { task: observation.task } };
    case 'task-updated': {
      const { frameworkId, status, state } = observation;
      return { type: 'TASK_UPDATED', task_updated: { framework_id: { value: frameworkId }, status, state } };
    }
    case 'agent-added':
      return { type: 'AGENT_ADDED', agent_added: { agent: agentMessage(observation.agent) } };
    case 'agent-removed':
      return { type: 'AGENT_REMOVED', agent_removed: { agent_id: { value: observation.agentId } } };
    case 'framework-added':
      return {
        type: 'FRAMEWORK_ADDED',
        framework_added: { framework: frameworkMessage(observation.framework) },
      };
    case 'framework-updated':
      return {
        type: 'FRAMEWORK_UPDATED',
        framework_updated: { framework: frameworkMessage(observation.framework) },
      };
    case 'preempted':
      return preemptionEvent(observation);
    case 'framework-removed':
      return { type: 'FRAMEWORK_REMOVED', framework_removed: { framework_info: observation.info } };
  }
};

const preemptionEvent = ({
  role,
  message,
  agentId,
  frameworkId,
  taskIds,
  offerId,
}: Extract<Observation, { type: 'preempted' }>): Event => ({
  type: 'UNKNOWN',
  preemption: {
    role,
    message,
    agent_id: { value: agentId },
    framework_id: { value: frameworkId },
    ...(taskIds.length > 0 ? { task_ids: taskIds.map((value) => ({ value })) } : {}),
    ...(offerId === undefined ? {} : { offer_id: { value: offerId } }),
  },
});
