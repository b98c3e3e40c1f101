import type { Core, TurnOutcome } from '../../store/turn-runner.ts';
import type { Allocator } from '../allocator/allocator.ts';
import { takeAgentCall } from './agent-call.ts';
import { allocateAtInterval, allocateQueued, resumeAllocation } from './allocation.ts';
import { failoverTimedOut, schedulerClosed } from './disconnect-framework.ts';
import { finishDrains } from './drain-agent.ts';
import type { MasterEffect, TimerName } from './effect.ts';
import { giveUpNext } from './give-up-agents.ts';
import type { MasterInput } from './input.ts';
import { inverseOfferTimedOut } from './inverse-offers.ts';
import { agentClosed, pingTimedOut, recoveryTimedOut, reregistrationTimedOut } from './liveness.ts';
import { offerTimedOut } from './offers.ts';
import { takeCommand } from './operator.ts';
import { quotaOf } from './quota.ts';
import { subscribeAgent } from './register-agent.ts';
import { collectRegistry } from './registry.ts';
import { takeSchedulerCall } from './scheduler-call.ts';
import type { MasterSettings } from './settings.ts';
import type { MasterState } from './state.ts';
import { subscribe } from './subscribe.ts';
import { type AllocationQueue, Turn } from './turn.ts';
import { updateFramework } from './update-framework.ts';
import { takeInitialWeights } from './weights.ts';

export type { MasterEffect } from './effect.ts';
export type { MasterInput } from './input.ts';

export interface MasterCoreOptions {
  /** As loaded from the registry. */
  state: MasterState;
  settings: MasterSettings;
  /** Empty as yet. */
  allocator: Allocator;
  uuid: () => string;
}

/**
 * The master's logic: a state machine without clock, disk or network. The same inputs at the same times with the same UUIDs
 * give the same outcomes.
 */
export class MasterCore implements Core<MasterInput, MasterEffect> {
  readonly state: MasterState;
  readonly settings: MasterSettings;
  readonly allocator: Allocator;
  readonly #queue: AllocationQueue;
  readonly #uuid: () => string;

  constructor({ state, settings, allocator, uuid }: MasterCoreOptions) {
    this.state = state;
    this.settings = settings;
    this.allocator = allocator;
    this.#uuid = uuid;
    const expectedAgents = state.recoveredAgents.size;
    this.#queue = {
      agentIds: new Set(),
      isScheduled: false,
      requestedMs: 0,
      isPaused: state.quotas.size > 0 && expectedAgents > 0,
      expectedAgents,
    };
    for (const [role, config] of state.quotas) allocator.setQuota(role, quotaOf(config));
    for (const [role, weight] of state.weights) allocator.setWeight(role, weight);
  }

  /** Changes the state; the changes must be durable before the effects are carried out. */
  handle(input: MasterInput, nowMs: number): TurnOutcome<MasterEffect> {
    const turn = new Turn({
      state: this.state,
      settings: this.settings,
      allocator: this.allocator,
      queue: this.#queue,
      nowMs,
      uuid: this.#uuid,
    });
    apply(turn, input);
    finishDrains(turn);
    return { changes: turn.changes, effects: turn.effects };
  }
}

const apply = (turn: Turn, input: MasterInput): void => {
  switch (input.type) {
    case 'started':
      start(turn);
      break;
    case 'scheduler-subscribe':
      subscribe(turn, input.streamId, input.subscribe, input.caller);
      break;
    case 'scheduler-call': {
      const framework = turn.state.frameworks.get(input.frameworkId);
      if (framework) takeSchedulerCall(turn, framework, input.call);
      break;
    }
    case 'update-framework': {
      const outcome = updateFramework(turn, input.frameworkId, input.update);
      turn.do({ type: 'answer', requestId: input.requestId, outcome });
      break;
    }
    case 'scheduler-closed':
      schedulerClosed(turn, input.streamId);
      break;
    case 'agent-subscribe':
      subscribeAgent(turn, input.streamId, input.subscribe);
      break;
    case 'agent-call': {
      const agent = turn.state.agents.get(input.agentId);
      if (agent) takeAgentCall(turn, agent, input.call);
      break;
    }
    case 'agent-closed':
      agentClosed(turn, input.streamId);
      break;
    case 'whitelist':
      turn.allocator.setWhitelist(input.hostnames);
      break;
    case 'operator': {
      const outcome = takeCommand(turn, input.command);
      turn.do({ type: 'answer', requestId: input.requestId, outcome });
      break;
    }
    case 'timer':
      applyTimer(turn, input.timer);
      break;
  }
};

const start = (turn: Turn): void => {
  const { settings, state } = turn;
  takeInitialWeights(turn);
  turn.setTimer('allocation-interval', settings.allocationIntervalMs);
  turn.setTimer('registry-collection', settings.registryGcIntervalMs);
  if (state.recoveredAgents.size > 0) turn.setTimer('recovery', settings.agentReregisterTimeoutMs);
};

const applyTimer = (turn: Turn, timer: TimerName): void => {
  switch (timer) {
    case 'allocate':
      allocateQueued(turn);
      return;
    case 'allocation-interval':
      allocateAtInterval(turn);
      return;
    case 'recovery':
      recoveryTimedOut(turn);
      resumeAllocation(turn, true);
      return;
    case 'agent-removal':
      giveUpNext(turn);
      return;
    case 'registry-collection':
      collectRegistry(turn);
      turn.setTimer('registry-collection', turn.settings.registryGcIntervalMs);
      return;
    default:
      applyTimerOf(turn, timer);
  }
};

/** Timers of one framework, agent or offer; inverse offers have ids of the same series. */
const applyTimerOf = (turn: Turn, timer: Extract<TimerName, `${string}:${string}`>): void => {
  const colon = timer.indexOf(':');
  const id = timer.slice(colon + 1);
  switch (timer.slice(0, colon)) {
    case 'failover':
      failoverTimedOut(turn, id);
      break;
    case 'ping':
      pingTimedOut(turn, id);
      break;
    case 'reregister':
      reregistrationTimedOut(turn, id);
      break;
    case 'offer':
      offerTimedOut(turn, id);
      inverseOfferTimedOut(turn, id);
      break;
  }
};
