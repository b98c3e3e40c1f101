import type { TaskState, TaskStatus } from '../../mesos/generated/mesos.ts';
import { isTerminal } from '../../mesos/task-state.ts';
import { endRun } from './end-run.ts';
import { liveTask, runOfTask, withTask } from './run-tasks.ts';
import type { Run, RunTask } from './state.ts';
import { killTask } from './stop-run.ts';
import type { Turn } from './turn.ts';

const FIRST_BACK_OFF_MS = 1_000;
const LONGEST_BACK_OFF_MS = 60_000;
/** Attempts that a run remembers. */
const MOST_TASKS = 20;

/** What the master says of a task that it, or its agent, knows nothing of. */
const UNKNOWN: ReadonlySet<TaskState> = new Set(['TASK_UNKNOWN', 'TASK_LOST', 'TASK_DROPPED', 'TASK_GONE']);

/** Takes the news of a task, from its agent or from the master, and acknowledges it once it is durable. */
export const handleUpdate = (turn: Turn, status: TaskStatus): void => {
  const { task_id, agent_id, uuid } = status;
  turn.state.unreconciled.delete(task_id.value);
  const run = runOfTask(turn.state, task_id.value);
  const task = run && liveTask(run);
  if (run && task?.id === task_id.value) apply(turn, run, task, status);
  else if (!hasEnded(status)) killTask(turn, task_id.value, agent_id?.value);
  if (hasEnded(status)) turn.cancelTimer(`kill ${task_id.value}`);
  if (uuid !== undefined && agent_id)
    turn.call({ type: 'ACKNOWLEDGE', acknowledge: { agent_id, task_id, uuid } });
};

const hasEnded = ({ state }: TaskStatus): boolean => isTerminal(state) || state === 'TASK_UNKNOWN';

const apply = (turn: Turn, run: Run, task: RunTask, status: TaskStatus): void => {
  const { unreachableAtMs, ...reachable } = task;
  const next: RunTask = {
    ...reachable,
    state: status.state,
    ...(status.message === undefined ? {} : { message: status.message }),
    ...(status.state === 'TASK_RUNNING' ? { startedAtMs: task.startedAtMs ?? turn.nowMs } : {}),
    ...(status.state === 'TASK_UNREACHABLE' ? { unreachableAtMs: unreachableAtMs ?? turn.nowMs } : {}),
    ...(hasEnded(status) ? { completedAtMs: turn.nowMs } : {}),
  };
  turn.setRun(withTask(run, next));
  if (hasEnded(status)) endTask(turn, withTask(run, next), next);
};

/** What becomes of a run whose task has ended. */
export const endTask = (turn: Turn, run: Run, task: RunTask): void => {
  if (task.state === 'TASK_FINISHED' && !run.isStopping) endRun(turn, run, 'success');
  else if (run.isStopping) endRun(turn, run, 'failure');
  else if (task.startedAtMs === undefined && UNKNOWN.has(task.state)) tryAgain(turn, run, task);
  else if (mayRestart(turn, run)) waitAndRestart(turn, run);
  else endRun(turn, run, 'failure');
};

/** The launch did not get through, and nothing ran: that is nobody's failure, and the task's id is free. */
const tryAgain = (turn: Turn, run: Run, task: RunTask): void =>
  turn.setRun({
    ...run,
    tasks: run.tasks.filter(({ id }) => id !== task.id),
    failures: run.failures + 1,
    notBeforeMs: turn.nowMs + FIRST_BACK_OFF_MS,
  });

const mayRestart = ({ nowMs }: Turn, { definition: { restart }, createdAtMs }: Run): boolean =>
  restart.policy === 'ON_FAILURE' &&
  (restart.activeDeadlineSeconds === undefined ||
    nowMs < createdAtMs + restart.activeDeadlineSeconds * 1_000);

const waitAndRestart = (turn: Turn, run: Run): void => {
  const backOffMs = Math.min(FIRST_BACK_OFF_MS * 2 ** run.failures, LONGEST_BACK_OFF_MS);
  const notBeforeMs = turn.nowMs + backOffMs;
  const forgotten = Math.max(0, run.tasks.length + 1 - MOST_TASKS);
  turn.setRun({
    ...run,
    failures: run.failures + 1,
    notBeforeMs,
    launchByMs: notBeforeMs + run.definition.maxLaunchDelay * 1_000,
    tasks: run.tasks.slice(forgotten),
  });
};
