import type { MesosTask } from '../../clients/mesos-types.ts';
import type { ContainerID } from '../../mesos/generated/mesos.ts';
import { CliError } from '../errors/cli-error.ts';
import { findTasks, hasEnded } from './find-tasks.ts';

/** The one task that runs and matches. Throws CliError when there is none, or more than one. */
export const findRunningTask = (tasks: readonly MesosTask[], pattern: string): MesosTask => {
  const found = findTasks(tasks, pattern, 'active');
  const [task] = found;
  if (task === undefined || hasEnded(task)) {
    throw new CliError('not-found', `Task ${task?.id ?? pattern} has ended`, {
      hint: 'plenum task list shows those that run',
    });
  }
  if (found.length === 1) return task;
  throw new CliError('usage', `${found.length} tasks match "${pattern}"`, {
    details: found.map(({ id }) => id),
    hint: 'Name one of them',
  });
};

/** The container that a task runs in: its own, or that of its executor. Throws CliError when the task has not told. */
export const containerOf = ({ id, statuses }: MesosTask): ContainerID => {
  const told = statuses.findLast(({ container_status }) => container_status?.container_id !== undefined);
  const container = told?.container_status?.container_id;
  if (container) return container;
  throw new CliError('failed', `Task ${id} has not told in which container it runs`, {
    hint: 'A task that is being started tells it when it runs',
  });
};
