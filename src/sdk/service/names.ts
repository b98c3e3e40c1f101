/** How instances, tasks and variables of a service are called. */

/** An instance of a pod, such as data-0. */
export const instanceName = (pod: string, index: number): string => `${pod}-${index}`;

/** A task of an instance, such as data-0-node: its name in the cluster. */
export const taskName = (instance: string, task: string): string => `${instance}-${task}`;

/**
 * The id of one run of a task: its name, the fingerprint of what it was launched with, and something unique. What a
 * scheduler needs to know of a task that it has forgotten stands in its id.
 */
export const taskId = (name: string, fingerprint: string, unique: string): string =>
  `${name}__${fingerprint}.${unique}`;

const TASK_ID = /^(.+)__([0-9a-f]+)\.([0-9a-f-]+)$/;

/** The parts of an id; undefined for one that taskId did not make. */
export const parseTaskId = (id: string): { name: string; fingerprint: string } | undefined => {
  const [, name, fingerprint] = TASK_ID.exec(id) ?? [];
  return name === undefined || fingerprint === undefined ? undefined : { name, fingerprint };
};

/** The key of a task's port within its instance, such as node.rpc. */
export const portKey = (task: string, port: string): string => `${task}.${port}`;

/** A name as part of a variable: upper case, with _ for everything but letters and digits. */
export const variableName = (...parts: readonly string[]): string =>
  parts
    .join('_')
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '_');
