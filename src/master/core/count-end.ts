import type { TaskState, TaskStatus } from '../../mesos/generated/mesos.ts';
import { isTerminal } from '../../mesos/task-state.ts';
import { countForFramework } from './count-for-framework.ts';
import type { Framework } from './state.ts';
import type { Turn } from './turn.ts';

/**
 * Counts a task that ended in this state, in all and by who said it and why (mesos.md 3.12). The metrics have the older
 * names of Mesos, in which an agent is a slave.
 */
export const countEnd = (
  turn: Turn,
  framework: Framework,
  state: TaskState,
  { source, reason }: Pick<TaskStatus, 'source' | 'reason'> = {},
): void => {
  if (isTerminal(state)) countForFramework(turn, framework, `tasks/terminal/${state.toLowerCase()}`);
  turn.count(`master/tasks_${state.slice('TASK_'.length).toLowerCase()}`);
  if (source === undefined || reason === undefined) return;
  const path = [state, source, reason].join('/').toLowerCase().replaceAll('agent', 'slave');
  turn.count(`master/${path}`);
};
