import { posix } from 'node:path';
import type { AgentFilesClient } from '../../clients/agent-files-client.ts';
import { isNotFound } from '../../clients/api-error.ts';
import type { MesosFile, MesosTask } from '../../clients/mesos-types.ts';
import { pathInSandbox } from '../../clients/task-files/sandbox.ts';
import { CliError } from '../errors/cli-error.ts';
import type { Column } from '../output/table.ts';
import { requireSandbox } from './require-sandbox.ts';

/** The entries of a folder of a task's sandbox. Throws CliError when there is no such folder. */
export const listFiles = async (
  task: MesosTask,
  path: string,
  agentFiles: AgentFilesClient,
): Promise<readonly MesosFile[]> => {
  const sandbox = await requireSandbox(task, agentFiles);
  try {
    return await agentFiles.browse(pathInSandbox(sandbox, path));
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new CliError('not-found', `The sandbox of ${task.id} has no ${path}`, { cause: error });
  }
};

export const FILE_COLUMNS: readonly Column<MesosFile>[] = [
  { heading: 'MODE', value: ({ mode }) => mode },
  { heading: 'LINKS', value: ({ nlink }) => nlink, isNumber: true },
  { heading: 'UID', value: ({ uid }) => uid },
  { heading: 'GID', value: ({ gid }) => gid },
  { heading: 'SIZE', value: ({ size }) => size, isNumber: true },
  { heading: 'DATE', value: ({ mtime }) => new Date(mtime * 1_000).toISOString() },
  { heading: 'NAME', value: ({ path }) => posix.basename(path) },
];
