import { isNotFound } from '../../clients/api-error.ts';
import type { ClusterClients } from '../clusters/cluster-clients.ts';
import { CommandExit, exitCodeOf } from '../errors/command-exit.ts';
import { systemRawTerminal } from '../output/raw-terminal.ts';
import type { Terminal } from '../output/terminal.ts';
import { converse } from './converse.ts';
import { parseKeys } from './detach-keys.ts';
import { keysIn } from './exec-in-task.ts';
import { containerOf, findRunningTask } from './task-container.ts';

/** Attaches to the terminal of a task (cli.md 6.6). Throws CommandExit with the task's exit code when that is known and not 0. */
export const attachToTask = async (
  { mesos, agentContainers }: ClusterClients,
  { stdin, env }: Terminal,
  { task: pattern, hasInput }: { task: string; hasInput: boolean },
): Promise<void> => {
  const detachKeys = hasInput && stdin.isTTY === true ? parseKeys(keysIn(env)) : undefined;
  const task = findRunningTask(await mesos.getTasks(), pattern);
  const id = containerOf(task);
  const client = await agentContainers(task.slave_id);
  const output = await client.attachOutput(id);
  const isDetached = await converse({
    output,
    openInput: hasInput ? () => client.attachInput(id) : undefined,
    stdin,
    raw: systemRawTerminal(),
    detachKeys,
  });
  // The end of a container that is nested in none is not kept.
  if (isDetached || id.parent === undefined) return;
  const status = await client.wait(id).catch((error: unknown) => {
    if (isNotFound(error)) return undefined;
    throw error;
  });
  const code = status === undefined ? 0 : exitCodeOf(status);
  if (code !== 0) throw new CommandExit(code);
};
