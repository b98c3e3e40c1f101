import type { TaskDetail } from '../model/mesos.ts';
import { containerOf } from '../model/task-container.ts';
import { ask } from './request.ts';

/** An entry of a folder in a sandbox. */
export interface SandboxFile {
  /** As its agent knows it. */
  readonly path: string;
  readonly size: number;
  /** Like that of ls: a d in front is a folder. */
  readonly mode: string;
  /** Seconds since the epoch. */
  readonly mtime: number;
}

/** Where the agent of a task keeps its files; undefined when they are gone. Throws ServerError. */
export const findSandbox = async (task: TaskDetail): Promise<string | undefined> => {
  const executor = task.executor_id || task.id;
  const runs = `/frameworks/${task.framework_id}/executors/${executor}/runs`;
  const container = containerOf(task);
  const names = await ask<Readonly<Record<string, string>>>(
    `/agent/${encodeURIComponent(task.slave_id)}/files/debug`,
  );
  const run = `${runs}/${container?.parent?.value ?? container?.value}`;
  const root = Object.keys(names).find((name) => name.endsWith(`${runs}/latest`) || name.endsWith(run));
  if (root === undefined) return undefined;
  // A task of a group has a folder of its own within its executor's.
  return container?.parent === undefined ? root : `${root}/containers/${container.value}`;
};

export const listFiles = (agentId: string, path: string): Promise<readonly SandboxFile[]> =>
  ask(`/agent/${encodeURIComponent(agentId)}/files/browse?path=${encodeURIComponent(path)}`);

/** Where a file is downloaded. */
export const downloadPath = (agentId: string, path: string): string =>
  `/agent/${encodeURIComponent(agentId)}/files/download?path=${encodeURIComponent(path)}`;
