import type { ServerResponse } from 'node:http';
import { OutputStream } from '../../http/output-stream.ts';
import type { Codec } from '../../mesos/codec/codec.ts';
import type { Event } from '../../mesos/generated/master.ts';
import { encodeRecord } from '../../mesos/recordio.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Observation } from '../core/effect.ts';
import { HEARTBEAT_INTERVAL_SECONDS } from '../core/settings.ts';
import type { MasterState } from '../core/state.ts';
import { agentMessage, frameworkMessage, getState } from './operator-messages.ts';

const BACKLOG_LIMIT_BYTES = 16 * 1024 * 1024;
const MAX_STREAMS = 1000;

interface Subscriber {
  readonly stream: OutputStream;
  readonly codec: Codec;
}

/**
 * The operator event streams (mesos.md 3.2): each begins with the whole state, then come the changes. The bounds are
 * Mesos': of more than 1000 streams the oldest is closed; one whose reader does not keep up is cut off.
 */
export class OperatorStreams {
  readonly #state: MasterState;
  readonly #clock: Clock;
  readonly #maxStreams: number;
  readonly #subscribers = new Set<Subscriber>();

  constructor({ state, clock, maxStreams }: { state: MasterState; clock: Clock; maxStreams?: number }) {
    this.#state = state;
    this.#clock = clock;
    this.#maxStreams = maxStreams ?? MAX_STREAMS;
  }

  get count(): number {
    return this.#subscribers.size;
  }

  subscribe(response: ServerResponse, codec: Codec): void {
    response.writeHead(200, { 'Content-Type': codec.mediaType });
    const stream = new OutputStream(
      response,
      () => this.#subscribers.delete(subscriber),
      BACKLOG_LIMIT_BYTES,
    );
    const subscriber: Subscriber = { stream, codec };
    const subscribed: Event = {
      type: 'SUBSCRIBED',
      subscribed: {
        get_state: getState(this.#state),
        heartbeat_interval_seconds: HEARTBEAT_INTERVAL_SECONDS,
      },
    };
    stream.write(record(codec, subscribed));
    this.#subscribers.add(subscriber);
    const [oldest] = this.#subscribers;
    if (oldest && this.#subscribers.size > this.#maxStreams) this.#end(oldest);
    this.#beat(subscriber);
  }

  /** Tells all streams about a change, in its state of now. */
  observe(observation: Observation): void {
    if (this.#subscribers.size === 0) return;
    const event = eventOf(observation);
    const records = new Map<Codec, string | Uint8Array>();
    for (const { stream, codec } of this.#subscribers) {
      const encoded = records.get(codec) ?? record(codec, event);
      records.set(codec, encoded);
      stream.write(encoded);
    }
  }

  close(): void {
    for (const subscriber of this.#subscribers) this.#end(subscriber);
  }

  #end(subscriber: Subscriber): void {
    this.#subscribers.delete(subscriber);
    subscriber.stream.end();
  }

  #beat(subscriber: Subscriber): void {
    if (!this.#subscribers.has(subscriber)) return;
    subscriber.stream.write(record(subscriber.codec, { type: 'HEARTBEAT' }));
    this.#clock.setTimer(HEARTBEAT_INTERVAL_SECONDS * 1000, () => this.#beat(subscriber));
  }
}

const EVENT = 'mesos.v1.master.Event';

const record = (codec: Codec, event: Event): string | Uint8Array => encodeRecord(codec.encode(EVENT, event));

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
    case 'framework-removed':
      return { type: 'FRAMEWORK_REMOVED', framework_removed: { framework_info: observation.info } };
  }
};
