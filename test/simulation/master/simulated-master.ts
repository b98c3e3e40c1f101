import { isDeepStrictEqual } from 'node:util';
import { Allocator } from '../../../src/master/allocator/allocator.ts';
import type { MasterInput, OperatorCommand, OperatorOutcome } from '../../../src/master/core/input.ts';
import { MasterCore, type MasterEffect } from '../../../src/master/core/master-core.ts';
import { loadState } from '../../../src/master/core/registry.ts';
import { type MasterState, tasksOn } from '../../../src/master/core/state.ts';
import type { AgentCall, AgentEvent, SubscribeAgent } from '../../../src/mesos/agent-protocol.ts';
import type { Resource } from '../../../src/mesos/generated/mesos.ts';
import type { Call, CallSubscribe, Event } from '../../../src/mesos/generated/scheduler.ts';
import { isTerminal } from '../../../src/mesos/task-state.ts';
import { memoryStore } from '../../../src/store/memory-store.ts';
import type { TimerEffect } from '../../../src/store/turn-runner.ts';
import { SETTINGS } from '../../master/support/settings.ts';
import type { Connection, Network } from './network.ts';
import { SyncRunner } from './sync-runner.ts';

/** Longer than a write takes. */
const ANSWER_MS = 10;

/** What the events of a stream, and its end, are handed to. */
export interface Subscriber<Event> {
  onEvent(event: Event): void;
  onClose(): void;
}

type Effect = Exclude<MasterEffect, TimerEffect>;
type TimerName = Extract<MasterEffect, { type: 'set-timer' }>['timer'];

/** The real core of a master over a registry that outlives it, behind a network. */
export class SimulatedMaster {
  readonly #network: Network;
  readonly #store = memoryStore();
  readonly #schedulers = new Map<string, Connection<Event>>();
  readonly #agents = new Map<string, Connection<AgentEvent>>();
  readonly #answers = new Map<string, OperatorOutcome>();
  #core: MasterCore;
  #runner: SyncRunner<MasterInput, Effect, TimerName>;

  constructor(network: Network) {
    this.#network = network;
    const { core, runner } = this.#start();
    this.#core = core;
    this.#runner = runner;
  }

  get state(): MasterState {
    return this.#core.state;
  }

  get isAlive(): boolean {
    return this.#runner.isAlive;
  }

  get allocator(): Allocator {
    return this.#core.allocator;
  }

  handle(input: MasterInput): void {
    this.#runner.handle(input);
  }

  /** What an operator is answered, once it is; undefined when the master dies before that. */
  ask(command: OperatorCommand): OperatorOutcome | undefined {
    const requestId = this.#network.random.uuid();
    this.handle({ type: 'operator', requestId, command });
    this.#network.clock.advance(ANSWER_MS);
    return this.#answers.get(requestId);
  }

  /** kill -9; connections break. */
  kill(): void {
    this.#runner.kill();
    for (const connection of [...this.#schedulers.values(), ...this.#agents.values()]) connection.close();
    this.#schedulers.clear();
    this.#agents.clear();
  }

  restart(): void {
    if (this.isAlive) return;
    const { core, runner } = this.#start();
    this.#core = core;
    this.#runner = runner;
  }

  subscribeScheduler(subscribe: CallSubscribe, subscriber: Subscriber<Event>): Connection<Event> | undefined {
    if (!this.isAlive) return undefined;
    const streamId = this.#network.random.uuid();
    const runner = this.#runner;
    const connection = this.#network.connect<Event>(streamId, {
      onEvent: (event) => subscriber.onEvent(event),
      onMasterClose: () => runner.handle({ type: 'scheduler-closed', streamId }),
      onPeerClose: () => subscriber.onClose(),
    });
    this.#schedulers.set(streamId, connection);
    this.handle({ type: 'scheduler-subscribe', streamId, subscribe });
    return connection;
  }

  /** As the scheduler API would: calls of another stream than the current one are refused. */
  schedulerCall(streamId: string, frameworkId: string, call: Call): void {
    if (!this.isAlive || this.state.frameworks.get(frameworkId)?.streamId !== streamId) return;
    if (call.type === 'SUBSCRIBE' || call.type === 'UPDATE_FRAMEWORK') return;
    this.handle({ type: 'scheduler-call', frameworkId, call });
  }

  subscribeAgent(
    subscribe: SubscribeAgent,
    subscriber: Subscriber<AgentEvent>,
  ): Connection<AgentEvent> | undefined {
    if (!this.isAlive) return undefined;
    const streamId = this.#network.random.uuid();
    const runner = this.#runner;
    const connection = this.#network.connect<AgentEvent>(streamId, {
      onEvent: (event) => subscriber.onEvent(event),
      onMasterClose: () => runner.handle({ type: 'agent-closed', streamId }),
      onPeerClose: () => subscriber.onClose(),
    });
    this.#agents.set(streamId, connection);
    this.handle({ type: 'agent-subscribe', streamId, subscribe });
    return connection;
  }

  /** False for a stream that is not the agent's current one: it has to subscribe anew. */
  agentCall(streamId: string, call: Exclude<AgentCall, { type: 'SUBSCRIBE' }>): boolean {
    if (!this.isAlive || this.state.agents.get(call.agent_id.value)?.streamId !== streamId) return false;
    this.handle({ type: 'agent-call', agentId: call.agent_id.value, call });

    return true;
  }

  #start(): { core: MasterCore; runner: SyncRunner<MasterInput, Effect, TimerName> } {
    const { clock, random } = this.#network;
    const masterId = random.uuid();
    const state = loadState(this.#store, {
      masterId,
      info: { id: masterId, ip: 0, port: 5050 },
      nowMs: clock.now(),
    });
    const allocator = new Allocator({ random });
    const core = new MasterCore({ state, settings: SETTINGS, allocator, uuid: () => random.uuid() });
    const runner = new SyncRunner<MasterInput, Effect, TimerName>({
      core,
      store: this.#store,
      clock,
      onTimer: (timer) => ({ type: 'timer', timer }),
      perform: (effect) => this.#perform(effect),
      afterTurn: () => checkBooks(core),
    });
    runner.handle({ type: 'started' });
    return { core, runner };
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
        this.#answers.set(effect.requestId, effect.outcome);
        break;
      case 'observe':
      case 'log':
        break;
    }
  }
}

/** What must hold after every turn: nothing is in two hands, nothing is lost, records agree with each other. */
const checkBooks = ({ state, allocator }: MasterCore): void => {
  for (const agent of state.agents.values()) {
    const held: Resource[] = allocator.available(agent.id);
    for (const task of tasksOn(state, agent)) {
      if (!isTerminal(task.state)) held.push(...(task.resources ?? []));
    }
    for (const id of agent.offerIds) held.push(...(state.offers.get(id)?.resources ?? []));
    const [has, should] = [sums(held), sums(agent.total)];
    insist(isDeepStrictEqual(has, should), `${agent.id} has ${text(has)} instead of ${text(should)}`);
  }
  for (const framework of state.frameworks.values()) {
    for (const [id, task] of framework.tasks) {
      const agent = state.agents.get(task.agent_id.value);
      insist(agent?.taskIds.get(framework.id)?.has(id) === true, `${id} is not known with its agent`);
      insist(!framework.unreachableTasks.has(id), `${id} is here and unreachable`);
    }
  }
  for (const { id, frameworkId, agentId } of state.offers.values()) {
    insist(state.frameworks.get(frameworkId)?.offerIds.has(id) === true, `${id} is unknown to its framework`);
    insist(state.agents.get(agentId)?.offerIds.has(id) === true, `${id} is unknown to its agent`);
  }
};

const insist = (holds: boolean, complaint: string): void => {
  if (!holds) throw new Error(complaint);
};

const text = (sums: ReadonlyMap<string, number>): string => JSON.stringify([...sums]);

/** Thousandths by name and reservation, in order. */
const sums = (resources: readonly Resource[]): Map<string, number> => {
  const result = new Map<string, number>();
  for (const { name, scalar, reservations = [] } of resources) {
    const key = [name, ...reservations.map(({ role }) => role)].join(' ');
    result.set(key, (result.get(key) ?? 0) + Math.round((scalar?.value ?? 0) * 1000));
  }
  return new Map([...result].filter(([, sum]) => sum !== 0).sort());
};
