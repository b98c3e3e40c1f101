import { type HttpResponse, type HttpStream, openStream, request } from '../http/client.ts';
import { type Codec, jsonCodec } from '../mesos/codec/codec.ts';
import type { Call, Event } from '../mesos/generated/scheduler.ts';
import { readRecords } from '../mesos/recordio.ts';
import { pause, type Timer } from '../runtime/clock.ts';
import { errorMessage } from '../runtime/error-message.ts';
import { CallQueue } from './call-queue.ts';
import type {
  SchedulerCall,
  SchedulerConnection,
  SchedulerConnectionOptions,
} from './scheduler-connection.ts';

const SCHEDULER_PATH = '/api/v1/scheduler';
const STREAM_ID_HEADER = 'Mesos-Stream-Id';
const MAX_EVENT_BYTES = 64 * 1024 * 1024;
const MAX_REDIRECTS = 3;
/** A master that is silent for so many heartbeats is gone, whatever the connection looks like (mesos.md 1.5). */
const MISSED_HEARTBEATS = 5;
const DEFAULT_HEARTBEAT_MS = 15_000;
const FIRST_BACK_OFF_MS = 100;
const LONGEST_BACK_OFF_MS = 5_000;
const MAX_SHOWN_ANSWER = 500;
/** Answers to SUBSCRIBE that the same request would get again (mesos.md 1.1). */
const LASTING_REFUSALS: ReadonlySet<number> = new Set([400, 401, 403, 406, 415]);

/** The stream of events, and the master that it comes from. */
interface Line {
  readonly stream: HttpStream;
  readonly streamId: string;
  readonly masterUrl: string;
  isSubscribed: boolean;
}

/** The master will never take this framework. */
class Refusal extends Error {}

/**
 * Subscribes a framework and keeps it subscribed (mesos.md 1.7): goes where the leading master is, subscribes again with
 * a growing, random back-off when the stream breaks or goes silent, and gives events one after another. Calls commute or
 * wait for each other as call-queue.ts says; a scheduler that uses the id of a finished task again awaits the
 * acknowledgement of its last update first.
 */
export const connectScheduler = (options: SchedulerConnectionOptions): SchedulerConnection =>
  new Connection(options);

class Connection implements SchedulerConnection {
  readonly #options: SchedulerConnectionOptions;
  readonly #codec: Codec;
  readonly #queue = new CallQueue((call) => this.#post(call));
  #frameworkId: string | undefined;
  #line: Line | undefined;
  #silenceTimer: Timer | undefined;
  #silenceMs = DEFAULT_HEARTBEAT_MS * MISSED_HEARTBEATS;
  #failedAttempts = 0;
  #isClosed = false;
  #breakReason: string | undefined;

  constructor(options: SchedulerConnectionOptions) {
    if (options.masterUrls.length === 0) throw new Error('A scheduler needs the URL of a master');
    this.#options = options;
    this.#codec = options.codec ?? jsonCodec;
    this.#frameworkId = options.frameworkInfo.id?.value;
    void this.#run();
  }

  get isConnected(): boolean {
    return this.#line?.isSubscribed === true;
  }

  get frameworkId(): string | undefined {
    return this.#frameworkId;
  }

  call(call: SchedulerCall): Promise<void> {
    if (!this.isConnected) {
      return Promise.reject(new Error(`${call.type} was not sent: there is no connection to the master`));
    }
    return this.#queue.add(call);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#drop('the connection was closed');
  }

  async #run(): Promise<void> {
    const { clock, random, log, onDisconnected, onRefused } = this.#options;
    while (!this.#isClosed) {
      let wasSubscribed = false;
      let reason = 'the master closed the connection';
      try {
        const line = await this.#subscribe();
        try {
          await this.#readEvents(line);
        } finally {
          wasSubscribed = line.isSubscribed;
        }
      } catch (error) {
        reason = errorMessage(error);
        if (error instanceof Refusal && !this.#isClosed) {
          await this.close();
          onRefused(reason);
          return;
        }
      }
      reason = this.#breakReason ?? reason;
      this.#drop(reason);
      this.#breakReason = undefined;
      if (this.#isClosed) return;
      log.warn({ reason }, 'no connection to the master');
      if (wasSubscribed) onDisconnected?.(reason);
      const longest = Math.min(FIRST_BACK_OFF_MS * 2 ** this.#failedAttempts, LONGEST_BACK_OFF_MS);
      this.#failedAttempts++;
      await pause(clock, longest * (0.5 + random.next() / 2));
    }
  }

  /** Opens the stream at the leading master. Throws a Refusal for an answer that would not change. */
  async #subscribe(): Promise<Line> {
    const { masterUrls, frameworkInfo, suppressedRoles } = this.#options;
    const id = this.#frameworkId === undefined ? undefined : { value: this.#frameworkId };
    const call: Call = {
      type: 'SUBSCRIBE',
      ...(id && { framework_id: id }),
      subscribe: {
        framework_info: { ...frameworkInfo, ...(id && { id }) },
        ...(suppressedRoles && { suppressed_roles: [...suppressedRoles] }),
      },
    };
    let masterUrl = masterUrls[this.#failedAttempts % masterUrls.length] ?? '';
    for (let redirects = 0; ; redirects++) {
      const stream = await openStream({
        method: 'POST',
        url: `${masterUrl}${SCHEDULER_PATH}`,
        headers: { ...this.#headers(), Accept: this.#codec.mediaType },
        body: this.#codec.encode('mesos.v1.scheduler.Call', call),
      });
      const streamId = stream.headers[STREAM_ID_HEADER.toLowerCase()];
      if (stream.status === 200 && typeof streamId === 'string') {
        return this.#adopt({ stream, streamId, masterUrl, isSubscribed: false });
      }
      const leader = leaderOf(stream, masterUrl);
      if (leader === undefined || redirects === MAX_REDIRECTS) throw await refusalOf(stream, masterUrl);
      stream.close();
      masterUrl = leader;
    }
  }

  #adopt(line: Line): Line {
    if (this.#isClosed) {
      line.stream.close();
      throw new Error('the connection was closed');
    }
    this.#line = line;
    return line;
  }

  async #readEvents(line: Line): Promise<void> {
    this.#expectSign();
    for await (const record of readRecords(line.stream.body, MAX_EVENT_BYTES)) {
      if (this.#line !== line) return;
      const event = this.#codec.decode<Event>('mesos.v1.scheduler.Event', record);
      // The time that a handler takes is not the master's silence.
      this.#silenceTimer?.cancel();
      await this.#take(line, event);
      if (this.#line !== line) return;
      this.#expectSign();
    }
  }

  async #take(line: Line, event: Event): Promise<void> {
    const { onEvent, log } = this.#options;
    if (event.type === 'HEARTBEAT') return;
    if (event.type === 'ERROR') throw new Refusal(event.error.message);
    if (event.type === 'SUBSCRIBED') {
      const { framework_id, heartbeat_interval_seconds: seconds } = event.subscribed;
      this.#frameworkId = framework_id.value;
      this.#silenceMs = MISSED_HEARTBEATS * (seconds ? seconds * 1_000 : DEFAULT_HEARTBEAT_MS);
      this.#failedAttempts = 0;
      line.isSubscribed = true;
      log.info({ frameworkId: framework_id.value, master: line.masterUrl }, 'subscribed');
    }
    try {
      await onEvent(event);
    } catch (error) {
      // What it was about comes again: updates until they are acknowledged, offers when they are rescinded.
      log.error({ event: event.type, error: errorMessage(error) }, 'an event could not be handled');
    }
  }

  #expectSign(): void {
    this.#silenceTimer?.cancel();
    this.#silenceTimer = this.#options.clock.setTimer(this.#silenceMs, () =>
      this.#drop(`the master was silent for ${this.#silenceMs / 1_000} s`),
    );
  }

  #drop(reason: string): void {
    this.#silenceTimer?.cancel();
    const line = this.#line;
    this.#line = undefined;
    if (line) {
      this.#breakReason = reason;
      line.stream.close();
    }
    this.#queue.clear(reason);
  }

  async #post(call: SchedulerCall): Promise<void> {
    const line = this.#line;
    if (!line || this.#frameworkId === undefined) throw new Error('there is no connection to the master');
    const full: Call = { ...call, framework_id: { value: this.#frameworkId } };
    const response = await request({
      method: 'POST',
      url: `${line.masterUrl}${SCHEDULER_PATH}`,
      headers: { ...this.#headers(), [STREAM_ID_HEADER]: line.streamId },
      body: this.#codec.encode('mesos.v1.scheduler.Call', full),
    });
    if (response.status >= 200 && response.status < 300) return;
    const text = answerText(response.status, response.body);
    if (isLineGone(response, text) && this.#line === line) this.#drop(text);
    throw new Error(`${call.type} was refused: ${text}`);
  }

  #headers(): Record<string, string> {
    const { credential } = this.#options;
    const encoded =
      credential && Buffer.from(`${credential.principal}:${credential.secret}`).toString('base64');
    return {
      // Mesos compares it by equality: no charset.
      'Content-Type': this.#codec.mediaType,
      ...(encoded !== undefined && { Authorization: `Basic ${encoded}` }),
    };
  }
}

/** URL of the master that this one names as the leader (a location such as //host:5050/api/v1/scheduler). */
const leaderOf = ({ status, headers }: HttpStream, masterUrl: string): string | undefined => {
  const { location } = headers;
  if (status !== 307 || location === undefined || !URL.canParse(location, masterUrl)) return undefined;
  const { href } = new URL(location, masterUrl);
  return href.replace(/\/api\/v1\/scheduler\/?$/, '').replace(/\/$/, '');
};

const refusalOf = async (stream: HttpStream, masterUrl: string): Promise<Error> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream.body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_SHOWN_ANSWER) break;
  }
  stream.close();
  const text = `${masterUrl} answered the subscription with ${answerText(stream.status, Buffer.concat(chunks))}`;
  return LASTING_REFUSALS.has(stream.status) ? new Refusal(text) : new Error(text);
};

const answerText = (status: number, body: Buffer): string =>
  [String(status), body.toString('utf8').slice(0, MAX_SHOWN_ANSWER).trim()].filter((part) => part).join(': ');

/** The master leads no longer, or knows another stream of this framework, or none (mesos.md 1.1, check 11). */
const isLineGone = ({ status }: HttpResponse, text: string): boolean =>
  status === 307 ||
  status === 503 ||
  (status === 403 && text.includes('not subscribed')) ||
  (status === 400 && /stream ID|Framework cannot be found/i.test(text));
