import { safePath } from '../definitions/path-id.ts';

/** Ids of instances and tasks (marathon.md 3.19). */

export const newInstanceId = (appId: string, uuid: string): string => `${safePath(appId)}.instance-${uuid}`;

/** Each launch of an instance is a task of its own: `<instance>._app.1`, `._app.2`, … */
export const taskIdOf = (instanceId: string, incarnation: number): string =>
  `${instanceId}._app.${incarnation}`;

/** Each container of a pod is a task of its own: `<instance>.<container>.1`, `….2`, … */
export const containerTaskIdOf = (instanceId: string, container: string, incarnation: number): string =>
  `${instanceId}.${container}.${incarnation}`;

/**
 * The executor of a pod: `instance-<safe path>.<uuid>`. Each launch after the first has one of its own, so that it need not
 * wait for the end of the one before it.
 */
export const executorIdOf = (instanceId: string, incarnation: number): string => {
  const at = instanceId.lastIndexOf(INSTANCE_MARK);
  const id = `instance-${instanceId.slice(0, at)}.${instanceId.slice(at + INSTANCE_MARK.length)}`;
  return incarnation === 1 ? id : `${id}.${incarnation}`;
};

const INSTANCE_MARK = '.instance-';

/** Of a container's task the number has to be there: without it a container named `instance-1` would be misread. */
const TASK_ID = /^(.+\.(?:instance|marathon)-[^.]+)\.(?:_app(?:\.\d+)?|[^.]+\.\d+)$/;

/** The instance of a task; undefined when it is none of ours. */
export const instanceIdOf = (taskId: string): string | undefined => TASK_ID.exec(taskId)?.[1];

/**
 * The app that an instance id was made for. Only for tasks that nobody knows any more: `/a_b` cannot be, but a path that
 * was `/a/b` and one segment with a dot in it cannot be told apart for sure.
 */
export const appIdOf = (instanceId: string): string => {
  const end = Math.max(instanceId.lastIndexOf('.instance-'), instanceId.lastIndexOf('.marathon-'));
  return `/${(end < 0 ? instanceId : instanceId.slice(0, end)).replaceAll('_', '/')}`;
};
