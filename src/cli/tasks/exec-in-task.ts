import type { ClusterClients } from '../clusters/cluster-clients.ts';
import { CliError } from '../errors/cli-error.ts';
import { CommandExit, exitCodeOf } from '../errors/command-exit.ts';
import { systemRawTerminal } from '../output/raw-terminal.ts';
import type { Terminal } from '../output/terminal.ts';
import { converse } from './converse.ts';
import { parseKeys } from './detach-keys.ts';
import { containerOf, findRunningTask } from './task-container.ts';

export interface ExecOptions {
  /** Part of an id, or a glob. */
  readonly task: string;
  readonly command: readonly string[];
  /** New for every session. */
  readonly sessionId: string;
  readonly isInteractive: boolean;
  readonly hasTerminal: boolean;
  readonly user: string | undefined;
}

/** Runs a command inside a task (cli.md 6.5). Throws CommandExit with its exit code unless that is 0, else CliError or ApiError. */
export const execInTask = async (
  { mesos, agentContainers }: ClusterClients,
  terminal: Terminal,
  options: ExecOptions,
): Promise<void> => {
  const { command, sessionId, isInteractive, hasTerminal, user } = options;
  const { stdin, env } = terminal;
  if (isInteractive && hasTerminal && stdin.isTTY !== true) {
    throw new CliError('usage', 'Standard input is not a terminal, so --tty cannot pass one on', {
      hint: 'Leave --tty out to pass on what is piped in',
    });
  }
  const detachKeys = isInteractive && hasTerminal ? parseKeys(keysIn(env)) : undefined;
  const task = findRunningTask(await mesos.getTasks(), options.task);
  const id = { value: sessionId, parent: containerOf(task) };
  const client = await agentContainers(task.slave_id);
  const [program = ''] = command;
  const output = await client.launchSession({
    id,
    hasTerminal,
    command: {
      shell: false,
      value: program,
      arguments: [...command],
      ...(user === undefined ? {} : { user }),
      ...(hasTerminal ? { environment: { variables: [{ name: 'TERM', value: env.TERM ?? 'xterm' }] } } : {}),
    },
  });
  // A command that nobody speaks to finds its input at the end.
  if (!isInteractive && !hasTerminal) {
    const input = client.attachInput(id);
    await input.endStdin();
    input.end();
  }
  const isDetached = await converse({
    output,
    openInput: isInteractive ? () => client.attachInput(id) : undefined,
    stdin,
    raw: systemRawTerminal(),
    detachKeys,
  });
  if (isDetached) return;
  const status = await client.wait(id);
  const code = status === undefined ? 1 : exitCodeOf(status);
  if (code !== 0) throw new CommandExit(code);
};

/** DC/OS' name for it is heard, too. */
export const keysIn = (env: Readonly<NodeJS.ProcessEnv>): string | undefined =>
  env.PLENUM_DETACH_KEYS || env.DCOS_TASK_ESCAPE_SEQUENCE || undefined;
