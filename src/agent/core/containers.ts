import type { NetworkInfo, TaskStatusSource } from '../../mesos/generated/mesos.ts';
import { isTerminal } from '../../mesos/task-state.ts';
import { completeRunIfOver } from './completion.ts';
import { durationMs, taskEnvironment } from './environment.ts';
import { describeExit, type Exit, stateAfter, waitStatus } from './exit.ts';
import { endTask } from './kill.ts';
import { forgetNestedIn, noteEndOfContainer } from './operator-life.ts';
import { startContainer, updateContainers } from './start-container.ts';
import type { ContainerRecord, Limitation, ProcessIdentity, Run, StatusDetail, TaskRecord } from './state.ts';
import { lostState } from './status.ts';
import { containerKey, type Turn } from './turn.ts';
import { updateTask } from './updates.ts';

/** What happens to containers: forked, failed to start, ended, found again after the agent's own death. */

/** The container's process waits for leave to run its command, which it gets once its identity is durable. */
export const containerForked = (
  turn: Turn,
  containerId: string,
  { process, networks }: { process: ProcessIdentity; networks?: NetworkInfo[] | undefined },
): void => {
  const container = turn.state.containers.get(containerId);
  if (!container) {
    turn.do({ type: 'signal-container', containerId, signal: 'SIGKILL' });
    return;
  }
  const run = runOf(turn, container);
  const task = taskOf(run, container);
  if (task && isTerminal(task.state)) {
    // Killed while it was being prepared: the command never runs.
    turn.do({ type: 'signal-container', containerId, signal: 'SIGKILL' });
    return;
  }
  container.process = process;
  if (networks) container.networks = networks;
  container.phase = 'running';
  turn.saveContainer(container);
  turn.do({ type: 'release-container', containerId });
  if (!task || !run) return;
  task.startedMs = turn.nowMs;
  if (task.state === 'TASK_STAGING') updateTask(turn, task, { state: 'TASK_STARTING' });
  if (task.state !== 'TASK_RUNNING') updateTask(turn, task, { state: 'TASK_RUNNING' });
  watchTask(turn, run, container, task);
};

/** Starts what goes on beside a running task: its checks and the limit of its time. */
export const watchTask = (turn: Turn, run: Run, container: ContainerRecord, task: TaskRecord): void => {
  const framework = turn.state.frameworks.get(task.frameworkId);
  const { health_check, check, max_completion_time, command } = task.info;
  const limitMs = durationMs(max_completion_time);
  if (limitMs !== undefined) {
    const usedMs = turn.nowMs - (task.startedMs ?? turn.nowMs);
    turn.setTimer(`complete:${container.id}`, Math.max(0, limitMs - usedMs));
  }
  if (!framework || (!health_check && !check)) return;
  turn.do({
    type: 'start-checks',
    plan: {
      containerId: container.id,
      sandbox: container.sandbox,
      environment: taskEnvironment(turn, framework, { run: run.record, container, task: task.info }),
      user: turn.settings.canSwitchUser ? command?.user : undefined,
      healthCheck: health_check,
      check,
    },
  });
};

/** The time that a task may take at most is over. */
export const completionTimeOver = (turn: Turn, containerId: string): void => {
  const container = turn.state.containers.get(containerId);
  const task = container && taskOf(runOf(turn, container), container);
  if (task) endTask(turn, task, { cause: 'completion-time' });
};

/** The container's command never ran. */
export const containerFailed = (turn: Turn, containerId: string, message: string): void => {
  turn.state.counters.launchErrors++;
  endOf(turn, containerId, {
    detail: (container, task) =>
      detailOfPreemption(turn, container, task) ?? {
        state: 'TASK_FAILED',
        reason: 'REASON_CONTAINER_LAUNCH_FAILED',
        message: `Failed to launch container: ${message}`,
      },
    status: -1,
    source: 'SOURCE_AGENT',
  });
};

/** The container went over a limit: what is left of it ends at once, and the limit will be told as the reason. */
export const containerLimited = (turn: Turn, containerId: string, limitation: Limitation): void => {
  const container = turn.state.containers.get(containerId);
  if (!container || container.ending?.cause === 'limitation') return;
  container.ending = { cause: 'limitation', limitation, deadlineMs: turn.nowMs };
  turn.saveContainer(container);
  turn.do({ type: 'signal-container', containerId, signal: 'SIGKILL' });
};

/** The executor is in the way of others (mesos.md 6.8): everything of it ends at once. */
export const preemptRun = (turn: Turn, run: Run): void => {
  const containers = [...run.containers].flatMap((id) => turn.state.containers.get(id) ?? []);
  if (containers.every(({ ending }) => ending?.cause === 'preempted')) return;
  turn.state.counters.executorsPreempted++;
  for (const container of containers) {
    container.ending = { cause: 'preempted', deadlineMs: turn.nowMs };
    turn.saveContainer(container);
    turn.do({ type: 'signal-container', containerId: container.id, signal: 'SIGKILL' });
  }
};

/** The container's command has ended. */
export const containerExited = (turn: Turn, containerId: string, exit: Exit): void =>
  endOf(turn, containerId, {
    detail: (container, task) => detailOfExit(turn, container, task, exit),
    status: waitStatus(exit),
  });

/** The agent died before it let the container's command run: it is started as if for the first time. */
export const containerUnstarted = (turn: Turn, containerId: string): void => {
  const container = turn.state.containers.get(containerId);
  if (!container) return;
  container.phase = 'starting';
  delete container.process;
  turn.saveContainer(container);
  const task = taskOf(runOf(turn, container), container);
  if (container.ending || (task && isTerminal(task.state))) {
    containerFailed(turn, containerId, 'Killed before its command ran');
    return;
  }
  startContainer(turn, container);
};

interface End {
  /** The last status of the task that ran in it, or of a task that ran in an executor which ended. */
  detail: (container: ContainerRecord, task: TaskRecord) => StatusDetail;
  /** As waitpid would give it. */
  status: number;
  /** Who tells; unless told the executor of a task that has a container of its own. */
  source?: TaskStatusSource;
}

const endOf = (turn: Turn, containerId: string, end: End): void => {
  const container = turn.state.containers.get(containerId);
  const run = container && runOf(turn, container);
  if (!container || !run) return;
  for (const timer of ['escalate', 'complete', 'register'] as const) {
    turn.do({ type: 'cancel-timer', timer: `${timer}:${containerId}` });
  }
  turn.do({ type: 'stop-checks', containerId });
  const affected = container.taskId === undefined ? [...run.tasks.values()] : [taskOf(run, container)];
  for (const task of affected) {
    if (!task || isTerminal(task.state)) continue;
    const source = container.taskId === undefined ? 'SOURCE_AGENT' : 'SOURCE_EXECUTOR';
    updateTask(turn, task, end.detail(container, task), end.source ?? source);
    endGroupOf(turn, run, task);
  }
  turn.state.containers.delete(containerId);
  run.containers.delete(containerId);
  turn.save(containerKey(containerId), undefined);
  turn.do({ type: 'forget-container', containerId });
  noteEndOfContainer(turn, container, { status: end.status, limitation: container.ending?.limitation });
  if (run.containers.size === 0) endRun(turn, run, end.status);
  else updateContainers(turn, run);
};

const detailOfPreemption = (
  turn: Turn,
  { ending }: ContainerRecord,
  { frameworkId }: TaskRecord,
): StatusDetail | undefined =>
  ending?.cause === 'preempted'
    ? {
        state: lostState(turn, frameworkId, 'TASK_GONE'),
        reason: 'REASON_CONTAINER_PREEMPTED',
        message: 'Container preempted by QoS correction',
      }
    : undefined;

const detailOfExit = (turn: Turn, container: ContainerRecord, task: TaskRecord, exit: Exit): StatusDetail => {
  const { ending } = container;
  const preempted = detailOfPreemption(turn, container, task);
  if (preempted) return preempted;
  const message = describeExit(exit);
  if (exit.type === 'rebooted') {
    const state = lostState(turn, task.frameworkId, 'TASK_GONE');
    return { state, reason: 'REASON_EXECUTOR_REREGISTRATION_TIMEOUT', message };
  }
  if (ending?.limitation) {
    const { reason, message: what, resources } = ending.limitation;
    return { state: 'TASK_FAILED', reason, message: what, limitation: { resources: [...resources] } };
  }
  if (ending?.cause === 'registration-timeout') {
    return {
      state: 'TASK_FAILED',
      reason: 'REASON_EXECUTOR_REGISTRATION_TIMEOUT',
      message: `Executor did not register within ${Math.round(turn.settings.executorRegistrationTimeoutMs / 1000)}secs`,
    };
  }
  if (container.taskId === undefined) {
    return { state: 'TASK_FAILED', reason: 'REASON_EXECUTOR_TERMINATED', message: 'Executor terminated' };
  }
  if (ending?.cause === 'completion-time') {
    return { state: 'TASK_FAILED', reason: 'REASON_MAX_COMPLETION_TIME_REACHED', message };
  }
  if (exit.type === 'unknown' && !ending) {
    return { state: 'TASK_FAILED', reason: 'REASON_EXECUTOR_TERMINATED', message };
  }
  return { state: stateAfter(exit, ending !== undefined), message };
};

/** One task of a group that fails or is killed takes the others along; one that finishes does not (mesos.md 2.9). */
const endGroupOf = (turn: Turn, run: Run, { groupId, state }: TaskRecord): void => {
  if (groupId === undefined || state === 'TASK_FINISHED') return;
  for (const other of [...run.tasks.values()]) {
    if (other.groupId === groupId) endTask(turn, other, { cause: 'kill' });
  }
};

const endRun = (turn: Turn, run: Run, status: number): void => {
  const { record } = run;
  forgetNestedIn(turn, record.id);
  record.phase = 'terminated';
  turn.saveRun(record);
  turn.state.counters.executorsTerminated++;
  if (record.kind === 'custom') turn.do({ type: 'close-executor', runId: record.id });
  if (record.kind !== 'command' && turn.state.agentId !== undefined) {
    turn.do({
      type: 'send-master',
      call: {
        type: 'EXECUTOR_EXITED',
        agent_id: { value: turn.state.agentId },
        executor_exited: {
          framework_id: { value: record.frameworkId },
          executor_id: { value: record.executorId },
          status: record.kind === 'custom' ? status : 0,
        },
      },
    });
  }
  completeRunIfOver(turn, run);
};

const runOf = (turn: Turn, { id, parentId }: ContainerRecord): Run | undefined =>
  turn.state.runs.get(parentId ?? id);

const taskOf = (run: Run | undefined, { taskId }: ContainerRecord): TaskRecord | undefined =>
  taskId === undefined ? undefined : run?.tasks.get(taskId);
