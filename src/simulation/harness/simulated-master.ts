import { Allocator } from '../../master/allocator/allocator.ts';
import type { MasterInput, OperatorCommand, OperatorOutcome } from '../../master/core/input.ts';
import { MasterCore, type MasterEffect } from '../../master/core/master-core.ts';
import { loadState } from '../../master/core/registry.ts';
import type { MasterSettings } from '../../master/core/settings.ts';
import type { MasterState } from '../../master/core/state.ts';
import type { AgentCall, AgentEvent, SubscribeAgent } from '../../mesos/agent-protocol.ts';
import type { Call, CallSubscribe, Event } from '../../mesos/generated/scheduler.ts';
import { memoryStore } from '../../store/memory-store.ts';
import type { Store } from '../../store/store.ts';
import type { TimerEffect, TurnOutcome } from '../../store/turn-runner.ts';
import type { Connection, Network } from './network.ts';
import { SyncRunner } from './sync-runner.ts';

/** Longer than a write takes. */
const ANSWER_MS = 10;

/** What the events of a stream, and its end, are handed to. */
export interface Subscriber<Event> {
  onEvent(event: Event): void;
  onClose(): void;
}

export interface SimulatedMasterOptions {
  readonly network: Network;
  readonly settings: MasterSettings;
  /** The registry; an empty one unless given. */
  readonly store?: Store;
  /** For each life of the master. */
  readonly createAllocator?: () => Allocator;
  /** Looks at what every turn has made of the state. */
  readonly afterTurn?: (core: MasterCore) => void;
  /** Until then no further allocation begins that an event asks for: the last one takes its time. */
  readonly busyUntilMs?: () => number;
  /** What the master writes to its log. */
  readonly onLog?: (entry: Extract<MasterEffect, { type: 'log' }>) => void;
}

type Effect = Exclude<MasterEffect, TimerEffect>;
type TimerName = Extract<MasterEffect, { type: 'set-timer' }>['timer'];

interface Life {
  readonly core: MasterCore;
  readonly runner: SyncRunner<MasterInput, Effect, TimerName>;
}

/** The real core of a master over a registry that outlives it, behind a network. */
export class SimulatedMaster {
  readonly #options: SimulatedMasterOptions;
  readonly #network: Network;
  readonly #store: Store;
  readonly #schedulers = new Map<string, Connection<Event>>();
  readonly #agents = new Map<string, Connection<AgentEvent>>();
  readonly #answers = new Map<string, (outcome: OperatorOutcome) => void>();
  #life: Life;

  constructor(options: SimulatedMasterOptions) {
    this.#options = options;
    this.#network = options.network;
    this.#store = options.store ?? memoryStore();
    this.#life = this.#start();
  }

  get state(): MasterState {
    return this.#life.core.state;
  }

  get isAlive(): boolean {
    return this.#life.runner.isAlive;
  }

  get allocator(): Allocator {
    return this.#life.core.allocator;
  }

  handle(input: MasterInput): void {
    this.#life.runner.handle(input);
  }

  /** Has an operator's command done; the outcome comes once it is durable, and never when the master dies before that. */
  command(command: OperatorCommand, onOutcome: (outcome: OperatorOutcome) => void): void {
    const requestId = this.#network.random.uuid();
    this.#answers.set(requestId, onOutcome);
    this.handle({ type: 'operator', requestId, command });
  }

  /** The same for a caller who lets time pass until there is an answer; undefined when the master dies before that. */
  ask(command: OperatorCommand): OperatorOutcome | undefined {
    let answer: OperatorOutcome | undefined;
    this.command(command, (outcome) => {
      answer = outcome;
    });
    this.#network.clock.advance(ANSWER_MS);
    return answer;
  }

  /** kill -9; connections break. */
  kill(): void {
    this.#life.runner.kill();
    for (const connection of [...this.#schedulers.values(), ...this.#agents.values()]) connection.close();
    this.#schedulers.clear();
    this.#agents.clear();
    this.#answers.clear();
  }

  restart(): void {
    if (!this.isAlive) this.#life = this.#start();
  }

  subscribeScheduler(subscribe: CallSubscribe, subscriber: Subscriber<Event>): Connection<Event> | undefined {
    if (!this.isAlive) return undefined;
    const { connection, streamId } = this.#connect(this.#schedulers, subscriber, 'scheduler-closed');
    this.handle({ type: 'scheduler-subscribe', streamId, subscribe });
    return connection;
  }

  /** As the scheduler API would: calls of another stream than the current one are refused. */
  schedulerCall(streamId: string, frameworkId: string, call: Call): void {
    if (!this.isAlive || this.state.frameworks.get(frameworkId)?.streamId !== streamId) return;
    if (call.type === 'UPDATE_FRAMEWORK') {
      const requestId = this.#network.random.uuid();
      this.handle({ type: 'update-framework', requestId, frameworkId, update: call.update_framework });
    } else if (call.type !== 'SUBSCRIBE') this.handle({ type: 'scheduler-call', frameworkId, call });
  }

  subscribeAgent(
    subscribe: SubscribeAgent,
    subscriber: Subscriber<AgentEvent>,
  ): Connection<AgentEvent> | undefined {
    if (!this.isAlive) return undefined;
    const { connection, streamId } = this.#connect(this.#agents, subscriber, 'agent-closed');
    this.handle({ type: 'agent-subscribe', streamId, subscribe });
    return connection;
  }

  /** False for a stream that is not the agent's current one: it has to subscribe anew. */
  agentCall(streamId: string, call: Exclude<AgentCall, { type: 'SUBSCRIBE' }>): boolean {
    if (!this.isAlive || this.state.agents.get(call.agent_id.value)?.streamId !== streamId) return false;
    this.handle({ type: 'agent-call', agentId: call.agent_id.value, call });
    return true;
  }

  /** A stream to a peer; its end is told to the life of the master that it was opened to. */
  #connect<Event>(
    streams: Map<string, Connection<Event>>,
    subscriber: Subscriber<Event>,
    closed: 'scheduler-closed' | 'agent-closed',
  ): { connection: Connection<Event>; streamId: string } {
    const streamId = this.#network.random.uuid();
    const { runner } = this.#life;
    const connection = this.#network.connect<Event>(streamId, {
      onEvent: (event) => subscriber.onEvent(event),
      onMasterClose: () => {
        streams.delete(streamId);
        runner.handle({ type: closed, streamId });
      },
      onPeerClose: () => subscriber.onClose(),
    });
    streams.set(streamId, connection);
    return { connection, streamId };
  }

  #start(): Life {
    const { settings, createAllocator, afterTurn } = this.#options;
    const { clock, random } = this.#network;
    const masterId = random.uuid();
    const state = loadState(this.#store, {
      masterId,
      info: { id: masterId, ip: 0, port: settings.port, version: settings.version },
      nowMs: clock.now(),
    });
    const allocator = createAllocator?.() ?? new Allocator({ random });
    const core = new MasterCore({ state, settings, allocator, uuid: () => random.uuid() });
    const runner = new SyncRunner<MasterInput, Effect, TimerName>({
      core: { handle: (input, nowMs) => this.#notBefore(core.handle(input, nowMs), nowMs) },
      store: this.#store,
      clock,
      onTimer: (timer) => ({ type: 'timer', timer }),
      perform: (effect) => this.#perform(effect),
      ...(afterTurn && { afterTurn: () => afterTurn(core) }),
    });
    runner.handle({ type: 'started' });
    return { core, runner };
  }

  /**
   * Decisions take no virtual time. What a real master would not be asked in vain, because it is busy with the run before,
   * waits here as long: events that come meanwhile are served by one run, as they are there.
   */
  #notBefore(outcome: TurnOutcome<MasterEffect>, nowMs: number): TurnOutcome<MasterEffect> {
    const leftMs = (this.#options.busyUntilMs?.() ?? nowMs) - nowMs;
    if (leftMs <= 0) return outcome;
    const effects = outcome.effects.map((effect) =>
      effect.type === 'set-timer' && effect.timer === 'allocate'
        ? { ...effect, delayMs: Math.max(effect.delayMs, leftMs) }
        : effect,
    );
    return { ...outcome, effects };
  }

  #perform(effect: Effect): void {
    switch (effect.type) {
      case 'send-scheduler':
        this.#schedulers.get(effect.streamId)?.send(effect.event);
        break;
      case 'close-scheduler':
        this.#schedulers.get(effect.streamId)?.close();
        this.#schedulers.delete(effect.streamId);
        break;
      case 'send-agent':
        this.#agents.get(effect.streamId)?.send(effect.event);
        break;
      case 'close-agent':
        this.#agents.get(effect.streamId)?.close();
        this.#agents.delete(effect.streamId);
        break;
      case 'answer':
        this.#answers.get(effect.requestId)?.(effect.outcome);
        this.#answers.delete(effect.requestId);
        break;
      case 'log':
        this.#options.onLog?.(effect);
        break;
      case 'observe':
        break;
    }
  }
}
