import type { AgentFilesClient } from '../../clients/agent-files-client.ts';
import type { MesosTask } from '../../clients/mesos-types.ts';
import { findSandbox, type Sandbox } from '../../clients/task-files/sandbox.ts';
import { CliError } from '../errors/cli-error.ts';

/** The sandbox of a task. Throws CliError when it is gone. */
export const requireSandbox = async (task: MesosTask, files: AgentFilesClient): Promise<Sandbox> => {
  const sandbox = await findSandbox(task, files);
  if (sandbox) return sandbox;
  throw new CliError('not-found', `The sandbox of ${task.id} is gone from agent ${task.slave_id}`);
};
