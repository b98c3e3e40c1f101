import type { TaskDetail, TaskStatus } from './mesos.ts';

type ContainerId = NonNullable<NonNullable<TaskStatus['container_status']>['container_id']>;

/** The container of a task, as its latest status that tells of one has it. */
export const containerOf = ({ statuses }: Pick<TaskDetail, 'statuses'>): ContainerId | undefined =>
  statuses.findLast(({ container_status: status }) => status?.container_id !== undefined)?.container_status
    ?.container_id;
