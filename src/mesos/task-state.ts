import type { TaskState } from './generated/mesos.ts';

/** States after which nothing comes (mesos.md 1.11). */
export const TERMINAL_STATES = [
  'TASK_FINISHED',
  'TASK_FAILED',
  'TASK_KILLED',
  'TASK_ERROR',
  'TASK_LOST',
  'TASK_DROPPED',
  'TASK_GONE',
  'TASK_GONE_BY_OPERATOR',
] as const satisfies readonly TaskState[];

const TERMINAL: ReadonlySet<string> = new Set(TERMINAL_STATES);

/** Whether a task in this state is over; its resources are free then. */
export const isTerminal = (state: string): boolean => TERMINAL.has(state);
