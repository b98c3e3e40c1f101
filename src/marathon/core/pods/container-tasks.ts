import { type ContainerTask, type Instance, type InstanceTask, isTerminal } from '../instance.ts';

/** The tasks of an instance that may still exist: an app's one, or those of a pod's containers that have not ended. */
export const liveTaskIds = (task: InstanceTask): string[] =>
  task.containers === undefined ? [task.id] : task.containers.filter(isLive).map(({ taskId }) => taskId);

/** Whether a task is one of those that the instance has now. */
export const hasTask = (instance: Instance | undefined, taskId: string): boolean =>
  instance?.task !== undefined && liveTaskIds(instance.task).includes(taskId);

/** It has not ended, as far as is known. */
export const isLive = ({ condition }: ContainerTask): boolean => !isTerminal(condition);
