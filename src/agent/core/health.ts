import type { CheckStatusInfo } from '../../mesos/generated/mesos.ts';
import { isTerminal } from '../../mesos/task-state.ts';
import { endTask } from './kill.ts';
import type { TaskRecord } from './state.ts';
import type { Turn } from './turn.ts';
import { updateTask } from './updates.ts';

/** What one run of a check gave. */
export type CheckResult =
  | { type: 'health'; isHealthy: boolean; message: string }
  | { type: 'check'; status: CheckStatusInfo };

const DEFAULT_GRACE_SECONDS = 10;
const DEFAULT_CONSECUTIVE_FAILURES = 3;

/**
 * Health checks (mesos.md 2.8): failures within the grace period before the first success do not count; every other
 * failure is told, and enough of them in a row end the task; a success is told when it is news. General checks tell each
 * new result and end nothing.
 */
export const applyCheckResult = (turn: Turn, containerId: string, result: CheckResult): void => {
  const container = turn.state.containers.get(containerId);
  const run = container && turn.state.runs.get(container.parentId ?? container.id);
  const task = run?.tasks.get(container?.taskId ?? '');
  if (!container || !task || isTerminal(task.state) || container.ending) return;
  if (result.type === 'check') applyCheck(turn, task, result.status);
  else if (result.isHealthy) applySuccess(turn, task);
  else applyFailure(turn, task);
};

const applyCheck = (turn: Turn, task: TaskRecord, status: CheckStatusInfo): void => {
  if (JSON.stringify(task.checkStatus) === JSON.stringify(status)) return;
  task.checkStatus = status;
  updateTask(turn, task, { state: task.state, reason: 'REASON_TASK_CHECK_STATUS_UPDATED' });
};

const applySuccess = (turn: Turn, task: TaskRecord): void => {
  task.failures = 0;
  if (task.healthy === true) return;
  task.healthy = true;
  tellHealth(turn, task);
};

const applyFailure = (turn: Turn, task: TaskRecord): void => {
  const check = task.info.health_check;
  const graceMs = (check?.grace_period_seconds ?? DEFAULT_GRACE_SECONDS) * 1_000;
  if (task.healthy === undefined && turn.nowMs - (task.startedMs ?? 0) < graceMs) return;
  task.failures++;
  task.healthy = false;
  tellHealth(turn, task);
  if (task.failures < (check?.consecutive_failures ?? DEFAULT_CONSECUTIVE_FAILURES)) return;
  endTask(turn, task, { cause: 'unhealthy' });
};

const tellHealth = (turn: Turn, task: TaskRecord): void =>
  updateTask(turn, task, { state: task.state, reason: 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED' });
