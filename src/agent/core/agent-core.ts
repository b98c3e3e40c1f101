import type { AgentEvent, SubscribeAgent } from '../../mesos/agent-protocol.ts';
import type { CallUpdate } from '../../mesos/generated/executor.ts';
import type { Resource, TaskInfo, TaskStatus } from '../../mesos/generated/mesos.ts';
import type { Core, TurnOutcome } from '../../store/turn-runner.ts';
import {
  completionTimeOver,
  containerExited,
  containerFailed,
  containerForked,
  containerLimited,
  containerUnstarted,
  preemptRun,
  watchTask,
} from './containers.ts';
import { endDrainIfOver } from './drain.ts';
import type { Effect, TimerName } from './effect.ts';
import { receiveUpdate, signalExecutor, subscribeExecutor } from './executor-run.ts';
import { applyCheckResult, type CheckResult } from './health.ts';
import { escalate, shutDownRun } from './kill.ts';
import { applyEvent, endFrameworkAtOnce } from './master-events.ts';
import { retryOperation } from './operations.ts';
import {
  applyOperatorInput,
  type ContainerInput,
  happensToOperatorContainer,
  type OperatorInput,
} from './operator-inputs.ts';
import { endOperatorContainers, resumeOperatorContainers } from './operator-life.ts';
import { subscription } from './registration.ts';
import type { AgentSettings } from './settings.ts';
import type { AgentState } from './state.ts';
import { Turn } from './turn.ts';
import { retryUpdate } from './updates.ts';

/** Everything that can happen to an agent. */
export type AgentInput =
  | { type: 'recovered' }
  | { type: 'master-event'; event: AgentEvent }
  | ContainerInput
  | OperatorInput
  | { type: 'check-result'; containerId: string; result: CheckResult }
  | {
      type: 'executor-subscribed';
      runId: string;
      unacknowledgedTasks: readonly TaskInfo[];
      unacknowledgedUpdates: readonly CallUpdate[];
    }
  | { type: 'executor-disconnected'; runId: string }
  | { type: 'executor-update'; runId: string; status: TaskStatus }
  | { type: 'executor-message'; runId: string; data: string }
  /** It is in the way of others. */
  | { type: 'preempt-run'; runId: string }
  /** All tasks are to end; the agent itself stays what it is. */
  | { type: 'end-tasks' }
  | { type: 'timer'; timer: TimerName };

export interface AgentCoreOptions {
  state: AgentState;
  settings: AgentSettings;
  /** Resources without dynamic reservations and volumes. */
  initialResources: Resource[];
  uuid: () => string;
}

/**
 * The agent's logic: a state machine without clock, disk or network. The same inputs at the same times with the same
 * UUIDs give the same outcomes.
 */
export class AgentCore implements Core<AgentInput, Effect> {
  readonly state: AgentState;
  readonly settings: AgentSettings;
  readonly #initialResources: Resource[];
  readonly #uuid: () => string;

  constructor({ state, settings, initialResources, uuid }: AgentCoreOptions) {
    this.state = state;
    this.settings = settings;
    this.#initialResources = initialResources;
    this.#uuid = uuid;
  }

  /** Changes the state; the changes must be durable before the effects are carried out. */
  handle(input: AgentInput, nowMs: number): TurnOutcome<Effect> {
    const turn = new Turn({ state: this.state, settings: this.settings, nowMs, uuid: this.#uuid });
    apply(turn, input);
    endDrainIfOver(turn);
    return { changes: turn.changes, effects: turn.effects };
  }

  /** What the agent introduces itself to a master with. */
  subscription(): SubscribeAgent {
    return subscription(this.state, this.settings, this.#initialResources);
  }
}

const apply = (turn: Turn, input: AgentInput): void => {
  switch (input.type) {
    case 'recovered':
      resume(turn);
      break;
    case 'master-event':
      applyEvent(turn, input.event);
      break;
    case 'container-forked':
    case 'container-failed':
    case 'container-limited':
    case 'container-exited':
    case 'container-unstarted':
      if (!happensToOperatorContainer(turn, input)) applyContainerInput(turn, input);
      break;
    case 'launch-container':
    case 'kill-container':
    case 'remove-container':
      applyOperatorInput(turn, input);
      break;
    case 'check-result':
      applyCheckResult(turn, input.containerId, input.result);
      break;
    case 'executor-subscribed':
    case 'executor-disconnected':
    case 'executor-update':
    case 'executor-message':
      applyExecutorInput(turn, input);
      break;
    case 'preempt-run': {
      const run = turn.state.runs.get(input.runId);
      if (run) preemptRun(turn, run);
      break;
    }
    case 'end-tasks':
      turn.state.isStopping = true;
      for (const run of [...turn.state.runs.values()]) shutDownRun(turn, run);
      endOperatorContainers(turn);
      break;
    case 'timer':
      applyTimer(turn, input.timer);
      break;
  }
};

const applyContainerInput = (turn: Turn, input: ContainerInput): void => {
  switch (input.type) {
    case 'container-forked':
      containerForked(turn, input.containerId, input);
      break;
    case 'container-failed':
      containerFailed(turn, input.containerId, input.message);
      break;
    case 'container-limited':
      containerLimited(turn, input.containerId, input.limitation);
      break;
    case 'container-exited':
      containerExited(turn, input.containerId, input.exit);
      break;
    case 'container-unstarted':
      containerUnstarted(turn, input.containerId);
      break;
  }
};

type ExecutorInput = Extract<AgentInput, { type: `executor-${string}` }>;

/** After a restart: what was under way goes on, unless its framework wants it to end with the agent (mesos.md 4.7). */
const resume = (turn: Turn): void => {
  for (const [id, { info }] of turn.state.frameworks) {
    if (!info.checkpoint) endFrameworkAtOnce(turn, id);
  }
  for (const container of turn.state.containers.values()) {
    const run = turn.state.runs.get(container.parentId ?? container.id);
    const isOver = turn.state.frameworks.get(container.frameworkId)?.isEnding ?? true;
    if (!run || isOver || container.phase !== 'running') continue;
    if (container.ending) {
      const leftMs = Math.max(0, container.ending.deadlineMs - turn.nowMs);
      turn.do({ type: 'signal-container', containerId: container.id, signal: 'SIGTERM' });
      turn.setTimer(`escalate:${container.id}`, leftMs);
    }
    const task = container.taskId === undefined ? undefined : run.tasks.get(container.taskId);
    if (task && !container.ending) watchTask(turn, run, container, task);
    // An executor comes back by itself, or it is given up.
    if (!task) turn.setTimer(`register:${container.id}`, turn.settings.executorReregistrationTimeoutMs);
  }
  resumeOperatorContainers(turn);
};

const applyExecutorInput = (turn: Turn, input: ExecutorInput): void => {
  const run = turn.state.runs.get(input.runId);
  if (!run) return;
  switch (input.type) {
    case 'executor-subscribed':
      subscribeExecutor(turn, run, input);
      break;
    case 'executor-disconnected':
      run.isSubscribed = false;
      break;
    case 'executor-update':
      receiveUpdate(turn, run, input.status);
      break;
    case 'executor-message':
      turn.state.counters.validMessages++;
      turn.do({
        type: 'send-master',
        call: {
          type: 'EXECUTOR_MESSAGE',
          agent_id: { value: turn.state.agentId ?? '' },
          executor_message: {
            framework_id: { value: run.record.frameworkId },
            executor_id: { value: run.record.executorId },
            data: input.data,
          },
        },
      });
      break;
  }
};

const applyTimer = (turn: Turn, timer: TimerName): void => {
  const colon = timer.indexOf(':');
  const id = timer.slice(colon + 1);
  switch (timer.slice(0, colon)) {
    case 'escalate':
      escalate(turn, id);
      break;
    case 'complete':
      completionTimeOver(turn, id);
      break;
    case 'update':
      retryUpdate(turn, id);
      break;
    case 'operation':
      retryOperation(turn, id);
      break;
    case 'register': {
      const run = turn.state.runs.get(id);
      if (run && !run.isSubscribed) signalExecutor(turn, run, 'registration-timeout');
      break;
    }
  }
};
