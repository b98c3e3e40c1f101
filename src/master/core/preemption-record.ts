import type { Task } from '../../mesos/generated/mesos.ts';
import { isTerminal } from '../../mesos/task-state.ts';
import type { MasterState } from './state.ts';

/** Of a kill for which nobody gave another grace period (mesos.md 2.10). */
const DEFAULT_GRACE_MS = 3_000;
/** What the end of a task may take beyond its grace period: the way to the agent and back, and the cleaning up. */
const SLACK_MS = 30_000;

/** A task that was killed for a guarantee and is not over yet. */
export interface PreemptionRecord {
  readonly frameworkId: string;
  readonly taskId: string;
  readonly sinceMs: number;
  /** It took too long, and its executor was told to end. */
  isEscalated: boolean;
}

/** What the master remembers of its preemptions; nothing of it outlives the master, because everything shows again. */
export interface PreemptionState {
  /** By `preemptionKey`. */
  readonly kills: Map<string, PreemptionRecord>;
  /** By role: since when its guarantee is not served although it is wanted. */
  readonly unservedSinceMs: Map<string, number>;
  /** Roles for which nothing more can be taken, as was said. */
  readonly helplessRoles: Set<string>;
}

export const emptyPreemption = (): PreemptionState => ({
  kills: new Map(),
  unservedSinceMs: new Map(),
  helplessRoles: new Set(),
});

export const preemptionKey = (frameworkId: string, taskId: string): string => `${frameworkId} ${taskId}`;

/** Until when a task that is being killed, for a guarantee or by its framework, can be expected to be over. */
export const killDeadlineMs = ({ preemption }: MasterState, task: Task): number | undefined => {
  const record = preemption.kills.get(preemptionKey(task.framework_id.value, task.task_id.value));
  const killing = task.state === 'TASK_KILLING' ? task.statuses?.at(-1)?.timestamp : undefined;
  const sinceMs = record?.sinceMs ?? (killing === undefined ? undefined : killing * 1000);
  if (sinceMs === undefined) return undefined;
  const graceMs = (task.kill_policy?.grace_period?.nanoseconds ?? DEFAULT_GRACE_MS * 1e6) / 1e6;
  return sinceMs + graceMs + SLACK_MS;
};

/** Records of tasks that are not over, the others are forgotten. */
export const openPreemptions = (state: MasterState): { record: PreemptionRecord; task: Task }[] => {
  const open: { record: PreemptionRecord; task: Task }[] = [];
  for (const [key, record] of state.preemption.kills) {
    const task = state.frameworks.get(record.frameworkId)?.tasks.get(record.taskId);
    if (task && !isTerminal(task.state)) open.push({ record, task });
    else state.preemption.kills.delete(key);
  }
  return open;
};
