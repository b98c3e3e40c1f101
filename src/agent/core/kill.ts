import type { KillPolicy } from '../../mesos/generated/mesos.ts';
import { isTerminal } from '../../mesos/task-state.ts';
import { completeRunIfOver } from './completion.ts';
import { durationMs } from './environment.ts';
import { deliverKill, endExecutorIfUnused, signalExecutor } from './executor-run.ts';
import { DEFAULT_KILL_GRACE_MS } from './settings.ts';
import {
  type ContainerRecord,
  type Ending,
  findTask,
  hasCapability,
  type Run,
  type TaskRecord,
} from './state.ts';
import { lostState } from './status.ts';
import type { Turn } from './turn.ts';
import { completeTask, dropUpdates, reportUnknownTask, updateTask } from './updates.ts';

/** A framework's KILL (mesos.md 1.12). */
export const killTask = (turn: Turn, frameworkId: string, taskId: string, policy?: KillPolicy): void => {
  const task = findTask(turn.state, frameworkId, taskId);
  if (!task) {
    reportUnknownTask(turn, frameworkId, taskId, {
      state: lostState(turn, frameworkId, 'TASK_DROPPED'),
      reason: 'REASON_EXECUTOR_TERMINATED',
      message: 'Cannot find executor',
    });
    return;
  }
  endTask(turn, task, { cause: 'kill', policy });
};

/** The master wants a task killed for somebody's guarantee: its statuses will say so, also after a restart of the agent. */
export const notePreemption = (turn: Turn, frameworkId: string, taskId: string, message: string): void => {
  const task = findTask(turn.state, frameworkId, taskId);
  if (!task || isTerminal(task.state)) return;
  task.preemption = message;
  turn.saveTask(task);
};

/** Ends one task, whoever runs it. A task that is over, or that ends sooner anyway, is left alone. */
export const endTask = (
  turn: Turn,
  task: TaskRecord,
  { cause, policy }: { cause: Ending['cause']; policy?: KillPolicy | undefined },
): void => {
  if (isTerminal(task.state)) return;
  const run = turn.state.runs.get(task.runId);
  if (!run) return;
  if (run.record.kind === 'custom') {
    endTaskOfExecutor(turn, run, task, policy);
    return;
  }
  const container = turn.state.containers.get(task.containerId ?? '');
  if (!container) return;
  if (container.phase === 'starting') {
    cancelStart(turn, run, task);
    return;
  }
  const graceMs = cause === 'completion-time' ? 0 : graceOf(task, policy);
  endContainer(turn, container, { cause, graceMs }, task);
};

const graceOf = (task: TaskRecord, policy: KillPolicy | undefined): number =>
  durationMs(policy?.grace_period) ??
  durationMs(task.info.kill_policy?.grace_period) ??
  DEFAULT_KILL_GRACE_MS;

/**
 * Asks the processes of a container to end, and sets the time after which they are not asked any more. Asked again with
 * a shorter grace, that one counts; a longer one changes nothing.
 */
const endContainer = (
  turn: Turn,
  container: ContainerRecord,
  { cause, graceMs }: { cause: Ending['cause']; graceMs: number },
  task: TaskRecord,
): void => {
  const deadlineMs = turn.nowMs + graceMs;
  const isFirst = container.ending === undefined;
  if (container.ending && container.ending.deadlineMs <= deadlineMs) return;
  container.ending = { cause: container.ending?.cause ?? cause, deadlineMs };
  turn.saveContainer(container);
  if (isFirst) {
    turn.do({ type: 'stop-checks', containerId: container.id });
    announceKilling(turn, task, cause);
    turn.do({ type: 'signal-container', containerId: container.id, signal: 'SIGTERM' });
  }
  turn.setTimer(`escalate:${container.id}`, graceMs);
};

const announceKilling = (turn: Turn, task: TaskRecord, cause: Ending['cause']): void => {
  const framework = turn.state.frameworks.get(task.frameworkId);
  if (cause === 'completion-time' || !hasCapability(framework?.info, 'TASK_KILLING_STATE')) return;
  updateTask(turn, task, { state: 'TASK_KILLING' });
};

/** A task whose command does not run yet is over at once; its group with it. */
const cancelStart = (turn: Turn, run: Run, task: TaskRecord): void => {
  const group = [...run.tasks.values()].filter(
    (other) => other === task || (task.groupId !== undefined && other.groupId === task.groupId),
  );
  const message =
    task.groupId === undefined
      ? 'Killed before delivery to the executor'
      : 'A task within the task group was killed before delivery to the executor';
  for (const member of group) {
    const container = turn.state.containers.get(member.containerId ?? '');
    if (isTerminal(member.state) || container?.phase !== 'starting') continue;
    turn.do({ type: 'signal-container', containerId: container.id, signal: 'SIGKILL' });
    updateTask(
      turn,
      member,
      { state: 'TASK_KILLED', reason: 'REASON_TASK_KILLED_DURING_LAUNCH', message },
      'SOURCE_AGENT',
    );
  }
};

const endTaskOfExecutor = (turn: Turn, run: Run, task: TaskRecord, policy: KillPolicy | undefined): void => {
  if (!task.isQueued) {
    task.pendingKill = { task_id: task.info.task_id, ...(policy ? { kill_policy: policy } : {}) };
    turn.saveTask(task);
    deliverKill(turn, run, task);
    return;
  }
  const group = [...run.tasks.values()].filter(
    (other) =>
      other.isQueued && (other === task || (task.groupId !== undefined && other.groupId === task.groupId)),
  );
  for (const member of group) {
    updateTask(
      turn,
      member,
      {
        state: 'TASK_KILLED',
        reason: 'REASON_TASK_KILLED_DURING_LAUNCH',
        message:
          group.length === 1
            ? 'Killed before delivery to the executor'
            : 'A task within the task group was killed before delivery to the executor',
      },
      'SOURCE_AGENT',
    );
  }
  endExecutorIfUnused(turn, run);
};

/** The time that a container had to end by itself is over. */
export const escalate = (turn: Turn, containerId: string): void => {
  if (!turn.state.containers.has(containerId)) return;
  turn.do({ type: 'signal-container', containerId, signal: 'SIGKILL' });
};

/** Ends an executor and everything it runs (mesos.md 1.12, 2.10). */
export const shutDownRun = (turn: Turn, run: Run, cause: Ending['cause'] = 'executor-shutdown'): void => {
  if (run.record.kind === 'custom') {
    signalExecutor(turn, run, cause);
    return;
  }
  for (const task of [...run.tasks.values()]) endTask(turn, task, { cause });
  if (run.containers.size > 0) return;
  run.record.phase = 'terminated';
  turn.saveRun(run.record);
  completeRunIfOver(turn, run);
};

/** Ends everything of a framework; nobody hears of it any more. */
export const shutDownFramework = (turn: Turn, frameworkId: string): void => {
  const framework = turn.state.frameworks.get(frameworkId);
  dropUpdates(turn, frameworkId);
  if (!framework) return;
  framework.isEnding = true;
  const runs = [...turn.state.runs.values()].filter(({ record }) => record.frameworkId === frameworkId);
  for (const run of runs) {
    // What waited for an acknowledgement waits no longer.
    for (const task of [...run.tasks.values()].filter(({ state }) => isTerminal(state))) {
      completeTask(turn, task);
    }
    if (!run.record.isCompleted) shutDownRun(turn, run);
  }
};
