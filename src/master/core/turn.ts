import type { AgentEvent } from '../../mesos/agent-protocol.ts';
import type { Event } from '../../mesos/generated/scheduler.ts';
import type { Change } from '../../store/store.ts';
import type { Allocator } from '../allocator/allocator.ts';
import { countForFramework } from './count-for-framework.ts';
import type { MasterEffect, Observation, TimerName } from './effect.ts';
import type { MasterSettings } from './settings.ts';
import type { Agent, Framework, MasterState } from './state.ts';

/** Which agents the next allocation is about, and whether one is due. */
export interface AllocationQueue {
  /** undefined: all of them. */
  agentIds: Set<string> | undefined;
  isScheduled: boolean;
  /** When the one that is due was asked for. */
  requestedMs: number;
  /** After a start with quotas, until enough agents are back (mesos.md 4.6). */
  isPaused: boolean;
  /** Agents that the registry knew when this master started. */
  readonly expectedAgents: number;
}

export interface TurnOptions {
  state: MasterState;
  settings: MasterSettings;
  allocator: Allocator;
  queue: AllocationQueue;
  nowMs: number;
  uuid: () => string;
}

/**
 * One step of the master's logic: what it works on, the moment it happens at, and what comes of it. Changes are made
 * durable before the first effect is carried out.
 */
export class Turn {
  readonly state: MasterState;
  readonly settings: MasterSettings;
  readonly allocator: Allocator;
  readonly queue: AllocationQueue;
  readonly nowMs: number;
  readonly uuid: () => string;
  readonly effects: MasterEffect[] = [];
  /** Ids of draining agents that may have nothing left: looked into when the turn ends. */
  readonly drainCandidates = new Set<string>();
  readonly #changes = new Map<string, unknown>();

  constructor(options: TurnOptions) {
    this.state = options.state;
    this.settings = options.settings;
    this.allocator = options.allocator;
    this.queue = options.queue;
    this.nowMs = options.nowMs;
    this.uuid = options.uuid;
  }

  get changes(): Change[] {
    return [...this.#changes].map(([key, value]) => ({ key, value }));
  }

  do(effect: MasterEffect): void {
    this.effects.push(effect);
  }

  /** Writes a value under a key of the registry; undefined removes it. */
  save(key: string, value: unknown): void {
    this.#changes.set(key, value);
  }

  setTimer(timer: TimerName, delayMs: number): void {
    this.effects.push({ type: 'set-timer', timer, delayMs });
  }

  cancelTimer(timer: TimerName): void {
    this.effects.push({ type: 'cancel-timer', timer });
  }

  /** Tells a framework; one without a stream does not hear it. */
  toFramework(framework: Framework, event: Event): void {
    const { streamId } = framework;
    if (streamId === undefined) return;
    countForFramework(this, framework, `events/${event.type.toLowerCase()}`);
    this.effects.push({ type: 'send-scheduler', streamId, event });
  }

  /** Tells an agent; one without a stream hears what matters when it registers again. */
  toAgent({ streamId }: Agent, event: AgentEvent): void {
    if (streamId !== undefined) this.effects.push({ type: 'send-agent', streamId, event });
  }

  /** Something is gone that kept an agent, if it drains, from being drained. */
  mayBeDrained({ id, drain }: Agent): void {
    if (drain?.state === 'DRAINING') this.drainCandidates.add(id);
  }

  observe(observation: Observation): void {
    this.effects.push({ type: 'observe', observation });
  }

  log(message: string, fields: Readonly<Record<string, unknown>>, level: 'info' | 'warn' = 'info'): void {
    this.effects.push({ type: 'log', level, message, fields });
  }

  /** Counts for the metric of that name. */
  count(metric: string, by = 1): void {
    this.state.counters.set(metric, (this.state.counters.get(metric) ?? 0) + by);
  }
}
