import type { TaskState, TaskStatus, TaskStatusReason } from '../../mesos/generated/mesos.ts';
import type { Framework } from './state.ts';
import type { Turn } from './turn.ts';

/** A status that the master makes itself: without uuid, it is not to be acknowledged (mesos.md 1.11). */
export const masterStatus = (
  turn: Turn,
  {
    taskId,
    ...detail
  }: {
    taskId: string;
    state: TaskState;
    message: string;
    reason: TaskStatusReason;
    agentId?: string | undefined;
    unreachableMs?: number;
  },
): TaskStatus => ({
  task_id: { value: taskId },
  state: detail.state,
  message: detail.message,
  source: 'SOURCE_MASTER',
  reason: detail.reason,
  ...(detail.agentId === undefined ? {} : { agent_id: { value: detail.agentId } }),
  timestamp: turn.nowMs / 1000,
  ...(detail.unreachableMs === undefined ? {} : { unreachable_time: timeInfo(detail.unreachableMs) }),
});

export const timeInfo = (ms: number): { nanoseconds: number } => ({ nanoseconds: ms * 1_000_000 });

/** States that only partition-aware frameworks know; others hear that the task is lost. */
export const stateFor = (
  { capabilities }: Framework,
  state: 'TASK_DROPPED' | 'TASK_UNREACHABLE' | 'TASK_GONE' | 'TASK_GONE_BY_OPERATOR' | 'TASK_UNKNOWN',
): TaskState => (capabilities.has('PARTITION_AWARE') ? state : 'TASK_LOST');

/** Tells a framework about a task. */
export const sendStatus = (turn: Turn, framework: Framework, status: TaskStatus): void =>
  turn.toFramework(framework, { type: 'UPDATE', update: { status } });
