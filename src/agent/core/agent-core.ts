import type { AgentEvent, SubscribeAgent } from '../../mesos/agent-protocol.ts';
import type { CallUpdate } from '../../mesos/generated/executor.ts';
import type { KillPolicy, Resource, TaskInfo, TaskStatus } from '../../mesos/generated/mesos.ts';
import type { Change } from '../../store/store.ts';
import {
  completionTimeOver,
  containerExited,
  containerFailed,
  containerForked,
  containerUnstarted,
  watchTask,
} from './containers.ts';
import type { Effect, TimerName } from './effect.ts';
import { receiveUpdate, signalExecutor, subscribeExecutor } from './executor-run.ts';
import type { Exit } from './exit.ts';
import { applyCheckResult, type CheckResult } from './health.ts';
import { endTask, escalate, killTask, shutDownFramework, shutDownRun } from './kill.ts';
import { launch, upsertFramework } from './launch.ts';
import { acknowledgeOperation, applyOperation, resendOperations, retryOperation } from './operations.ts';
import { subscription } from './registration.ts';
import type { AgentSettings } from './settings.ts';
import { type AgentState, findRun, findTask, type ProcessIdentity } from './state.ts';
import { lostState } from './status.ts';
import { AGENT_KEY, DRAIN_KEY, Turn } from './turn.ts';
import { acknowledgeUpdate, reportUnknownTask, resendUpdates, retryUpdate } from './updates.ts';

/** Everything that can happen to an agent. */
export type AgentInput =
  | { type: 'recovered' }
  | { type: 'master-event'; event: AgentEvent }
  | { type: 'container-forked'; containerId: string; process: ProcessIdentity }
  | { type: 'container-failed'; containerId: string; message: string }
  | { type: 'container-exited'; containerId: string; exit: Exit }
  | { type: 'container-unstarted'; containerId: string }
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
  /** All tasks are to end; the agent itself stays what it is. */
  | { type: 'end-tasks' }
  | { type: 'timer'; timer: TimerName };

export interface TurnOutcome {
  changes: Change[];
  effects: Effect[];
}

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
export class AgentCore {
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
  handle(input: AgentInput, nowMs: number): TurnOutcome {
    const turn = new Turn({ state: this.state, settings: this.settings, nowMs, uuid: this.#uuid });
    apply(turn, input);
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
      containerForked(turn, input.containerId, input.process);
      break;
    case 'container-failed':
      containerFailed(turn, input.containerId, input.message);
      break;
    case 'container-exited':
      containerExited(turn, input.containerId, input.exit);
      break;
    case 'container-unstarted':
      containerUnstarted(turn, input.containerId);
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
    case 'end-tasks':
      for (const run of [...turn.state.runs.values()]) shutDownRun(turn, run);
      break;
    case 'timer':
      applyTimer(turn, input.timer);
      break;
  }
};

/** After a restart: what was under way goes on. */
const resume = (turn: Turn): void => {
  for (const container of turn.state.containers.values()) {
    const run = turn.state.runs.get(container.parentId ?? container.id);
    if (!run || container.phase !== 'running') continue;
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
};

const applyEvent = (turn: Turn, event: AgentEvent): void => {
  const { state } = turn;
  switch (event.type) {
    case 'SUBSCRIBED':
      subscribed(turn, event.subscribed);
      break;
    case 'PING':
      break;
    case 'LAUNCH':
      launch(turn, event.launch);
      break;
    case 'KILL': {
      const { framework_id, task_id, kill_policy } = event.kill;
      killTask(turn, framework_id.value, task_id.value, kill_policy);
      break;
    }
    case 'ACKNOWLEDGE': {
      const { framework_id, task_id, uuid } = event.acknowledge;
      acknowledgeUpdate(turn, framework_id.value, task_id.value, uuid);
      break;
    }
    case 'MESSAGE': {
      const { framework_id, executor_id, data } = event.message;
      const run = findRun(state, framework_id.value, executor_id.value);
      if (!run?.isSubscribed) {
        state.counters.invalidMessages++;
        return;
      }
      state.counters.validMessages++;
      turn.do({
        type: 'send-executor',
        runId: run.record.id,
        event: { type: 'MESSAGE', message: { data } },
      });
      break;
    }
    case 'SHUTDOWN_EXECUTOR': {
      const { framework_id, executor_id } = event.shutdown_executor;
      const run = findRun(state, framework_id.value, executor_id.value);
      if (run) shutDownRun(turn, run);
      break;
    }
    case 'SHUTDOWN_FRAMEWORK':
      shutDownFramework(turn, event.shutdown_framework.framework_id.value);
      break;
    case 'UPDATE_FRAMEWORK': {
      const { framework_info } = event.update_framework;
      if (state.frameworks.has(framework_info.id?.value ?? '')) upsertFramework(turn, framework_info);
      break;
    }
    case 'APPLY_OPERATION':
      applyOperation(turn, event.apply_operation);
      break;
    case 'ACKNOWLEDGE_OPERATION':
      acknowledgeOperation(turn, event.acknowledge_operation.uuid);
      break;
    case 'DRAIN':
      drain(turn, event.drain.config);
      break;
    case 'SHUTDOWN':
      shutDown(turn, event.shutdown.message);
      break;
  }
};

const subscribed = (
  turn: Turn,
  { agent_id, master_info, unknown_tasks }: Extract<AgentEvent, { type: 'SUBSCRIBED' }>['subscribed'],
): void => {
  const { state } = turn;
  state.master = master_info;
  // A drain that is still wanted is ordered again.
  state.drain = undefined;
  turn.save(DRAIN_KEY, undefined);
  if (state.agentId !== agent_id.value) {
    state.agentId = agent_id.value;
    turn.save(AGENT_KEY, { agentId: agent_id.value });
  }
  for (const { framework_id, task_id } of unknown_tasks) {
    if (findTask(state, framework_id.value, task_id.value)) continue;
    reportUnknownTask(turn, framework_id.value, task_id.value, {
      state: lostState(turn, framework_id.value, 'TASK_DROPPED'),
      reason: 'REASON_RECONCILIATION',
      message: 'Reconciliation: task unknown to the agent',
    });
  }
  resendUpdates(turn);
  resendOperations(turn);
};

const drain = (turn: Turn, config: NonNullable<AgentState['drain']>): void => {
  turn.state.drain = config;
  turn.save(DRAIN_KEY, config);
  const longest = config.max_grace_period;
  for (const task of [...turn.state.tasks.values()]) {
    const own = task.info.kill_policy?.grace_period;
    const isShorter = longest && (!own || longest.nanoseconds < own.nanoseconds);
    const policy: KillPolicy | undefined = isShorter ? { grace_period: longest } : undefined;
    endTask(turn, task, { cause: 'drain', policy });
  }
};

/** The master will not have this agent any more: its tasks end, its id is forgotten, the process ends. */
const shutDown = (turn: Turn, message: string): void => {
  for (const { id } of turn.state.containers.values()) {
    turn.do({ type: 'signal-container', containerId: id, signal: 'SIGKILL' });
  }
  turn.save(AGENT_KEY, undefined);
  turn.do({ type: 'end', message });
};

const applyExecutorInput = (turn: Turn, input: Extract<AgentInput, { runId: string }>): void => {
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
