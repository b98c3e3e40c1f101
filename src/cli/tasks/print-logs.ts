import type { AgentFilesClient } from '../../clients/agent-files-client.ts';
import { isNotFound } from '../../clients/api-error.ts';
import type { MesosClient } from '../../clients/mesos-client.ts';
import type { MesosTask } from '../../clients/mesos-types.ts';
import type { SystemClient } from '../../clients/system-client.ts';
import { lastLines, readTail } from '../../clients/task-files/read-log.ts';
import type { Sandbox } from '../../clients/task-files/sandbox.ts';
import { CliError } from '../errors/cli-error.ts';
import { shownOn } from '../output/plain-text.ts';
import type { Terminal } from '../output/terminal.ts';
import { pause } from '../waiting.ts';
import { followLog, hasTaskEnded } from './follow-log.ts';
import { createLogPrinter, type LogPrinter } from './log-printer.ts';
import { followLogService, readLogService } from './log-service.ts';
import { requireSandbox } from './require-sandbox.ts';
import { textSince } from './since.ts';

/** More at once would be too many connections for what a person can read. */
const MOST_FOLLOWED = 32;
const LOOK_FOR_NEW_EVERY_MS = 1_000;
/** Enough to find a time in them. */
const MOST_LINES = 1_000_000;

export interface PrintLogsOptions {
  readonly tasks: readonly MesosTask[];
  readonly file: string;
  readonly lines: number;
  /** Instead of so many lines, what was written since, in ms since the epoch. */
  readonly sinceMs?: number | undefined;
  readonly isFollowed: boolean;
  /** Which tasks are followed as well when they come; without it none are. */
  readonly isWanted?: ((task: MesosTask) => boolean) | undefined;
  /** Each piece as a line of JSON: `{task, file, text}`. */
  readonly isJson: boolean;
  readonly mesos: MesosClient;
  /** Asked where agents give no files. */
  readonly system: SystemClient;
  readonly agentFiles: (agentId: string) => Promise<AgentFilesClient>;
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
    const log = await openLog(task, options);
    printer.print(task.id, log.text);
    logs.push(log);
  }
  if (!isFollowed) return;
  const follow = (log: Log): Promise<void> => followOne(log, printer, options);
  const begun = Promise.all(logs.map(follow));
  if (isWanted === undefined) await begun;
  else await Promise.all([begun, followNew(follow, isWanted, options)]);
};

interface Log {
  readonly task: MesosTask;
  /** Its end, as it was asked for. */
  readonly text: Buffer;
  /** The file, and where it ended; missing where only the log service knows it. */
  readonly source?: { readonly sandbox: Sandbox; readonly offset: number };
}

const openLog = async (task: MesosTask, options: PrintLogsOptions): Promise<Log> => {
  const lines = options.sinceMs === undefined ? options.lines : MOST_LINES;
  const { text, ...log } = await endOfLog(task, { ...options, lines });
  const { sinceMs } = options;
  if (sinceMs === undefined || text.length === 0) return { task, text, ...log };
  const wanted = textSince(text.toString(), sinceMs);
  if (wanted !== undefined) return { task, text: Buffer.from(wanted), ...log };
  const { file, terminal } = options;
  const told = `No line of ${file} of ${task.id} begins with a time: these are its last ${options.lines} (--lines)`;
  terminal.err.write(`${shownOn(terminal.err, told)}\n`);
  return { task, text: lastLines(text, options.lines), ...log };
};

const endOfLog = async (task: MesosTask, options: PrintLogsOptions): Promise<Omit<Log, 'task'>> => {
  const { file, lines, isFollowed } = options;
  let sandbox: Sandbox | undefined;
  try {
    sandbox = await requireSandbox(task, await options.agentFiles(task.slave_id));
    const { text, end: offset } = await readTail(sandbox, file, lines);
    return { text, source: { sandbox, offset } };
  } catch (error) {
    const isMissing = isNotFound(error) || (error instanceof CliError && error.outcome === 'not-found');
    if (!isMissing) throw error;
    const text = await readLogService({ ...options, task });
    if (text !== undefined) return { text };
    if (sandbox === undefined) throw error;
    // A file that is followed may come later.
    if (isFollowed) return { text: Buffer.alloc(0), source: { sandbox, offset: 0 } };
    throw new CliError('not-found', `The sandbox of ${task.id} has no file ${file}`, {
      hint: `plenum task ls ${task.id} lists its files`,
      cause: error,
    });
  }
};

const followOne = async (
  { task, source }: Log,
  printer: LogPrinter,
  { mesos, system, file, lines, terminal }: PrintLogsOptions,
): Promise<void> => {
  const common = {
    task,
    file,
    signal: terminal.signal,
    write: (piece: Buffer) => printer.print(task.id, piece),
    note: (text: string) => terminal.err.write(`${text}\n`),
  };
  try {
    if (source) await followLog({ ...common, mesos, ...source });
    else {
      const isOver = () => hasTaskEnded(mesos, task);
      await followLogService({ ...common, system, lines, hasEnded: isOver });
    }
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
      const sandbox = await agentFiles(task.slave_id)
        .then((files) => requireSandbox(task, files))
        .catch(() => undefined);
      // Its sandbox is made in a moment.
      if (!sandbox) continue;
      known.add(task.id);
      terminal.err.write(`${task.id} has begun\n`);
      const log = { task, text: Buffer.alloc(0), source: { sandbox, offset: 0 } };
      const followed = follow(log).finally(() => running.delete(followed));
      running.add(followed);
    }
  }
};
