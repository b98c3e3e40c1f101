import { type HttpStream, openStream, request } from '../../http/client.ts';
import {
  AGENT_PATH,
  type AgentCall,
  type AgentEvent,
  STREAM_ID_HEADER,
  type SubscribeAgent,
} from '../../mesos/agent-protocol.ts';
import { parseJson } from '../../mesos/codec/parse-json.ts';
import { readRecords } from '../../mesos/recordio.ts';
import type { Clock, Timer } from '../../runtime/clock.ts';
import { errorMessage } from '../../runtime/error-message.ts';
import type { Log } from '../../runtime/log.ts';
import type { Random } from '../../runtime/random.ts';
import { decodeAgentEvent } from './decode-agent-event.ts';

export interface LinkOptions {
  masterUrls: readonly string[];
  /** What the agent introduces itself with; asked anew for every try. */
  subscription: () => SubscribeAgent;
  /** Known after the first registration. */
  agentId: () => string | undefined;
  onEvent: (event: AgentEvent) => void;
  clock: Clock;
  random: Random;
  log: Log;
}

const FIRST_BACK_OFF_MS = 100;
const LONGEST_BACK_OFF_MS = 10_000;
const MAX_REDIRECTS = 3;
const MAX_EVENT_BYTES = 64 * 1024 * 1024;
/** Calls that wait; what comes beyond is sent again by whoever cares. */
const MAX_WAITING_CALLS = 10_000;
/** What has come together while a request was under way leaves in the next one, up to this. */
const MAX_CALLS_PER_REQUEST = 250;
const LARGE_REQUEST_CHARACTERS = 1024 * 1024;
/** Until the first answer says otherwise (mesos.md 4.2). */
const DEFAULT_PING_TIMEOUT_MS = 75_000;

/**
 * The agent's connection to its master: subscribes, and when the connection ends, the master does not answer or has
 * forgotten the agent, subscribes again with a growing, random back-off. Calls go out in order and only while it is
 * subscribed; what is lost is told again with the next subscription.
 */
export class MasterLink {
  readonly #options: LinkOptions;
  #attempt = 0;
  #stream: { stream: HttpStream; id: string; url: string } | undefined;
  #pingTimer: Timer | undefined;
  #pingTimeoutMs = DEFAULT_PING_TIMEOUT_MS;
  #waiting: AgentCall[] = [];
  #isSending = false;
  #isClosed = false;
  #isStarted = false;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  get isConnected(): boolean {
    return this.#stream !== undefined;
  }

  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    void this.#run();
  }

  /** Sends a call if there is a connection; says nothing about its arrival. */
  send(call: AgentCall): void {
    if (!this.#stream || this.#waiting.length >= MAX_WAITING_CALLS) return;
    this.#waiting.push(call);
    this.#pump();
  }

  /** Sends a call and resolves once it was taken, or it is clear that it will not be. */
  async sendNow(call: AgentCall): Promise<void> {
    await this.#post(`[${JSON.stringify(call)}]`).catch(() => undefined);
  }

  close(): void {
    this.#isClosed = true;
    this.#disconnect();
  }

  async #run(): Promise<void> {
    const { clock, random, log } = this.#options;
    while (!this.#isClosed) {
      try {
        await this.#subscribe();
      } catch (error) {
        if (!this.#isClosed) log.warn({ error: errorMessage(error) }, 'no connection to the master');
      }
      this.#disconnect();
      if (this.#isClosed) return;
      const longest = Math.min(FIRST_BACK_OFF_MS * 2 ** this.#attempt, LONGEST_BACK_OFF_MS);
      this.#attempt++;
      await new Promise<void>((resolve) => {
        clock.setTimer(longest * (0.5 + random.next() / 2), resolve);
      });
    }
  }

  /** Resolves when the connection has ended. */
  async #subscribe(): Promise<void> {
    const { masterUrls, subscription, log } = this.#options;
    const url = masterUrls[this.#attempt % masterUrls.length] ?? '';
    const call: AgentCall = { type: 'SUBSCRIBE', subscribe: subscription() };
    const stream = await openStream({
      method: 'POST',
      url: `${url}${AGENT_PATH}`,
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify(call),
      maxRedirects: MAX_REDIRECTS,
    });
    const id = stream.headers[STREAM_ID_HEADER.toLowerCase()];
    if (stream.status !== 200 || typeof id !== 'string') {
      stream.close();
      throw new Error(`The master answered ${stream.status} to the registration`);
    }
    if (this.#isClosed) return stream.close();
    // A standby has named the leader, which takes the calls of this stream.
    this.#stream = { stream, id, url: new URL(stream.url).origin };
    this.#expectPing();
    for await (const record of readRecords(stream.body, MAX_EVENT_BYTES)) {
      this.#take(decodeAgentEvent(parseJson(Buffer.from(record).toString('utf8'))));
    }
    log.warn({ master: url }, 'the master closed the connection');
  }

  #take(event: AgentEvent): void {
    const { onEvent, log } = this.#options;
    this.#expectPing();
    if (event.type === 'SUBSCRIBED') {
      this.#attempt = 0;
      this.#pingTimeoutMs = event.subscribed.ping_timeout_seconds * 1_000;
      log.info({ agentId: event.subscribed.agent_id.value }, 'registered with the master');
    }
    if (event.type !== 'PING') {
      onEvent(event);
      return;
    }
    const agentId = this.#options.agentId();
    if (agentId !== undefined) this.send({ type: 'PONG', agent_id: { value: agentId } });
    if (!event.ping.connected) this.#disconnect();
  }

  /** A master that says nothing for too long is gone, whatever the connection looks like. */
  #expectPing(): void {
    this.#pingTimer?.cancel();
    this.#pingTimer = this.#options.clock.setTimer(this.#pingTimeoutMs, () => this.#disconnect());
  }

  #disconnect(): void {
    this.#pingTimer?.cancel();
    this.#stream?.stream.close();
    this.#stream = undefined;
    this.#waiting = [];
  }

  #pump(): void {
    if (this.#isSending || this.#waiting.length === 0) return;
    this.#isSending = true;
    const calls = this.#takeWaiting();
    this.#post(`[${calls.join()}]`)
      .catch((error: unknown) => {
        this.#options.log.warn(
          { calls: calls.length, error: errorMessage(error) },
          'calls did not reach the master',
        );
      })
      .finally(() => {
        this.#isSending = false;
        this.#pump();
      });
  }

  /** As many of the calls that wait as go into one request, as JSON. */
  #takeWaiting(): string[] {
    const texts: string[] = [];
    let size = 0;
    for (const call of this.#waiting.slice(0, MAX_CALLS_PER_REQUEST)) {
      const text = JSON.stringify(call);
      texts.push(text);
      size += text.length;
      if (size > LARGE_REQUEST_CHARACTERS) break;
    }
    this.#waiting.splice(0, texts.length);
    return texts;
  }

  /** Sends calls, given as a JSON array. Rejects when the master did not take them. */
  async #post(body: string): Promise<void> {
    const current = this.#stream;
    if (!current) throw new Error('there is no connection to the master');
    const { status, body: answer } = await request({
      method: 'POST',
      url: `${current.url}${AGENT_PATH}`,
      headers: { 'Content-Type': 'application/json', [STREAM_ID_HEADER]: current.id },
      body,
    });
    if (status >= 200 && status < 300) return;
    // The master knows a later connection of this agent, or none at all.
    if (status === 403 && this.#stream === current) this.#disconnect();
    throw new Error(`the master answered ${status}: ${answer.toString('utf8').slice(0, 200)}`);
  }
}
