import { posix } from 'node:path';
import type { AgentFilesClient } from '../agent-files-client.ts';
import { isNotFound } from '../api-error.ts';
import type { MesosTask } from '../mesos-types.ts';

/** The files of one task. */
export interface Sandbox {
  readonly files: AgentFilesClient;
  /** What its agent calls the folder. */
  readonly root: string;
}

/**
 * The sandbox of a task as its agent knows it (mesos.md 3.11), also of one that has ended, as long as the agent keeps it;
 * undefined when it is gone. Throws ApiError.
 */
export const findSandbox = async (task: MesosTask, files: AgentFilesClient): Promise<Sandbox | undefined> => {
  const latest = `/frameworks/${task.framework_id}/executors/${task.executor_id || task.id}/runs/latest`;
  const root = await firstThatExists(files, [latest, ...(await realPaths(files, task))]);
  return root === undefined ? undefined : { files, root: inContainer(root, task) };
};

/** A path within a sandbox; none leads out of it. */
export const pathInSandbox = ({ root }: Pick<Sandbox, 'root'>, path: string): string => {
  const inner = posix.normalize(posix.join('/', path));
  return inner === '/' ? root : `${root}${inner.replace(/\/$/, '')}`;
};

const firstThatExists = async (
  files: AgentFilesClient,
  paths: readonly string[],
): Promise<string | undefined> => {
  for (const path of paths) {
    try {
      await files.browse(path);
      return path;
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  return undefined;
};

/** Agents that know no name for the latest run list its real path. */
const realPaths = async (files: AgentFilesClient, task: MesosTask): Promise<string[]> => {
  const container = containerOf(task);
  const executor = task.executor_id || task.id;
  const end = `/frameworks/${task.framework_id}/executors/${executor}/runs/${container?.parent ?? container?.id}`;
  const names = await files.debug();
  return Object.keys(names).filter((name) => name.endsWith(end));
};

/** A task of a group has a folder of its own within its executor's sandbox. */
const inContainer = (root: string, task: MesosTask): string => {
  const container = containerOf(task);
  return container?.parent === undefined ? root : `${root}/containers/${container.id}`;
};

const containerOf = ({ statuses }: MesosTask): { id: string; parent: string | undefined } | undefined => {
  for (const { container_status: status } of [...statuses].reverse()) {
    const id = status?.container_id;
    if (id) return { id: id.value, parent: id.parent?.value };
  }
  return undefined;
};
