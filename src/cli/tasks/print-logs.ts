import type { AgentFilesClient } from '../../clients/agent-files-client.ts';
import { isNotFound } from '../../clients/api-error.ts';
import type { MesosClient } from '../../clients/mesos-client.ts';
import type { MesosTask } from '../../clients/mesos-types.ts';
import { readTail, type Tail } from '../../clients/task-files/read-log.ts';
import type { Sandbox } from '../../clients/task-files/sandbox.ts';
import { CliError } from '../errors/cli-error.ts';
import type { Terminal } from '../output/terminal.ts';
import { pause } from '../waiting.ts';
import { followLog } from './follow-log.ts';
import { createLogPrinter, type LogPrinter } from './log-printer.ts';
import { requireSandbox } from './require-sandbox.ts';

/** More at once would be too many connections for what a person can read. */
const MOST_FOLLOWED = 32;
const LOOK_FOR_NEW_EVERY_MS = 1_000;

export interface PrintLogsOptions {
  readonly tasks: readonly MesosTask[];
  readonly file: string;
  readonly lines: number;
  readonly isFollowed: boolean;
  /** Which tasks are followed as well when they come; without it none are. */
  readonly isWanted?: ((task: MesosTask) => boolean) | undefined;
  /** Each piece as a line of JSON: `{task, file, text}`. */
  readonly isJson: boolean;
  readonly mesos: MesosClient;
  readonly agentFiles: (agentId: string) => AgentFilesClient;
  readonly terminal: Terminal;
}

/** Prints the ends of a file of several tasks, and goes on with all of them when they are followed. */
export const printLogs = async (options: PrintLogsOptions): Promise<void> => {
  const { tasks, isFollowed, isWanted, isJson, file, terminal } = options;
  if (isFollowed && tasks.length > MOST_FOLLOWED) {
    throw new CliError('usage', `${tasks.length} tasks match, and ${MOST_FOLLOWED} can be followed at once`, {
      hint: 'Give more of the id',
    });
  }
  const isMany = tasks.length > 1 || isWanted !== undefined;
  const printer = await createLogPrinter({ out: terminal.out, file, isMany, isJson, isMixed: isFollowed });
  const logs: Log[] = [];
  for (const task of tasks) {
    const sandbox = await requireSandbox(task, options.agentFiles(task.slave_id));
    const tail = await tailOf(sandbox, task, options);
    printer.print(task.id, tail.text);
    logs.push({ task, sandbox, offset: tail.end });
  }
  if (!isFollowed) return;
  const follow = (log: Log): Promise<void> => followOne(log, printer, options);
  const begun = Promise.all(logs.map(follow));
  if (isWanted === undefined) await begun;
  else await Promise.all([begun, followNew(follow, isWanted, options)]);
};

interface Log {
  readonly task: MesosTask;
  readonly sandbox: Sandbox;
  readonly offset: number;
}

const followOne = async (
  { task, sandbox, offset }: Log,
  printer: LogPrinter,
  { mesos, file, terminal }: PrintLogsOptions,
): Promise<void> => {
  try {
    await followLog({
      mesos,
      task,
      sandbox,
      file,
      offset,
      signal: terminal.signal,
      write: (piece) => printer.print(task.id, piece),
      note: (text) => terminal.err.write(`${text}\n`),
    });
  } finally {
    printer.end(task.id);
  }
};

/** Follows those that come later, from their beginning, until it is interrupted. */
const followNew = async (
  follow: (log: Log) => Promise<void>,
  isWanted: (task: MesosTask) => boolean,
  { tasks, mesos, agentFiles, terminal }: PrintLogsOptions,
): Promise<void> => {
  const known = new Set(tasks.map(({ id }) => id));
  const running = new Set<Promise<void>>();
  for (;;) {
    await Promise.race([pause(LOOK_FOR_NEW_EVERY_MS, terminal.signal), ...running]);
    // A cluster that does not answer is told of by those that are followed.
    const now = await mesos.getTasks().catch(() => []);
    for (const task of now.filter((one) => !known.has(one.id) && isWanted(one))) {
      if (running.size >= MOST_FOLLOWED) break;
      const sandbox = await requireSandbox(task, agentFiles(task.slave_id)).catch(() => undefined);
      // Its sandbox is made in a moment.
      if (!sandbox) continue;
      known.add(task.id);
      terminal.err.write(`${task.id} has begun\n`);
      const followed = follow({ task, sandbox, offset: 0 }).finally(() => running.delete(followed));
      running.add(followed);
    }
  }
};

/** A file that is followed may come later. */
const tailOf = async (
  sandbox: Sandbox,
  task: MesosTask,
  { file, lines, isFollowed }: PrintLogsOptions,
): Promise<Tail> => {
  try {
    return await readTail(sandbox, file, lines);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    if (isFollowed) return { text: Buffer.alloc(0), end: 0 };
    throw new CliError('not-found', `The sandbox of ${task.id} has no file ${file}`, {
      hint: `plenum task ls ${task.id} lists its files`,
      cause: error,
    });
  }
};
