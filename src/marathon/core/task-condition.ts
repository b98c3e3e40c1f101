import type { TaskStatus } from '../../mesos/generated/mesos.ts';
import { type Condition, isTerminal } from './instance.ts';

/** Reasons of TASK_LOST that say that the task cannot be reached, not that it is gone (marathon.md 3.14). */
const UNREACHABLE_REASONS: ReadonlySet<string> = new Set([
  'REASON_RECONCILIATION',
  'REASON_AGENT_DISCONNECTED',
  'REASON_AGENT_REMOVED',
]);

/** The condition that a status stands for. */
export const conditionOf = ({ state, reason }: Pick<TaskStatus, 'state' | 'reason'>): Condition => {
  switch (state) {
    case 'TASK_STAGING':
      return 'Staging';
    case 'TASK_STARTING':
      return 'Starting';
    case 'TASK_RUNNING':
      return 'Running';
    case 'TASK_KILLING':
      return 'Killing';
    case 'TASK_FINISHED':
      return 'Finished';
    case 'TASK_FAILED':
      return 'Failed';
    case 'TASK_KILLED':
      return 'Killed';
    case 'TASK_ERROR':
      return 'Error';
    case 'TASK_DROPPED':
      return 'Dropped';
    case 'TASK_UNREACHABLE':
      return 'Unreachable';
    case 'TASK_GONE':
    case 'TASK_GONE_BY_OPERATOR':
      return 'Gone';
    case 'TASK_UNKNOWN':
      return 'Unknown';
    case 'TASK_LOST':
      if (reason === 'REASON_TASK_UNKNOWN') return 'Unknown';
      return reason !== undefined && UNREACHABLE_REASONS.has(reason) ? 'Unreachable' : 'Gone';
  }
};

/** How far a launch is; a status that would take a task back is an old one. */
const PROGRESS: Partial<Record<Condition, number>> = {
  Provisioned: 0,
  Staging: 1,
  Starting: 2,
  Running: 3,
  Killing: 4,
};

/** Whether a status is news after what is known: answers to a reconciliation may come late. */
export const isNews = (known: Condition, told: Condition): boolean => {
  if (isTerminal(told) || told === 'Unreachable') return true;
  const before = PROGRESS[known];
  const after = PROGRESS[told];
  return before === undefined || after === undefined || after >= before;
};

/** The name that the API knows an instance's condition by (marathon.md 1.7). */
export const taskStateOf = (condition: Condition): string => {
  switch (condition) {
    case 'Scheduled':
    case 'Provisioned':
      return 'TASK_STAGING';
    case 'UnreachableInactive':
      return 'TASK_UNREACHABLE';
    default:
      return `TASK_${condition.toUpperCase()}`;
  }
};
