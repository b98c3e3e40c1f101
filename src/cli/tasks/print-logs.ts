import type { AgentFilesClient } from '../../clients/agent-files-client.ts';
import { isNotFound } from '../../clients/api-error.ts';
import type { MesosClient } from '../../clients/mesos-client.ts';
import type { MesosTask } from '../../clients/mesos-types.ts';
import { readTail, type Tail } from '../../clients/task-files/read-log.ts';
import type { Sandbox } from '../../clients/task-files/sandbox.ts';
import { CliError } from '../errors/cli-error.ts';
import type { Terminal } from '../output/terminal.ts';
import { followLog } from './follow-log.ts';
import { requireSandbox } from './require-sandbox.ts';

/** More at once would be too many connections for what a person can read. */
const MOST_FOLLOWED = 32;

export interface PrintLogsOptions {
  readonly tasks: readonly MesosTask[];
  readonly file: string;
  readonly lines: number;
  readonly isFollowed: boolean;
  /** Each piece as a line of JSON: `{task, file, text}`. */
  readonly isJson: boolean;
  readonly mesos: MesosClient;
  readonly agentFiles: (agentId: string) => AgentFilesClient;
  readonly terminal: Terminal;
}

/** Prints the ends of a file of several tasks, and goes on with all of them when they are followed. */
export const printLogs = async (options: PrintLogsOptions): Promise<void> => {
  const { tasks, isFollowed } = options;
  if (isFollowed && tasks.length > MOST_FOLLOWED) {
    throw new CliError('usage', `${tasks.length} tasks match, and ${MOST_FOLLOWED} can be followed at once`, {
      hint: 'Give more of the id',
    });
  }
  const print = printer(options);
  const logs: { task: MesosTask; sandbox: Sandbox; tail: Tail }[] = [];
  for (const task of tasks) {
    const sandbox = await requireSandbox(task, options.agentFiles(task.slave_id));
    const tail = await tailOf(sandbox, task, options);
    print(task, tail.text);
    logs.push({ task, sandbox, tail });
  }
  if (!isFollowed) return;
  const { mesos, file, terminal } = options;
  await Promise.all(
    logs.map(({ task, sandbox, tail }) =>
      followLog({
        mesos,
        task,
        sandbox,
        file,
        offset: tail.end,
        signal: terminal.signal,
        write: (piece) => print(task, piece),
      }),
    ),
  );
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

type Print = (task: MesosTask, piece: Buffer) => void;

/** With several tasks a line says whose output follows, whenever that changes. */
const printer = ({ tasks, file, isJson, terminal: { out } }: PrintLogsOptions): Print => {
  const decoders = new Map(tasks.map(({ id }) => [id, new TextDecoder()]));
  let last: string | undefined;
  return ({ id }, piece) => {
    const text = decoders.get(id)?.decode(piece, { stream: true }) ?? '';
    if (isJson) {
      out.write(`${JSON.stringify({ task: id, file, text })}\n`);
      return;
    }
    if (tasks.length > 1 && last !== id) out.write(`===> ${id} <===\n`);
    last = id;
    if (text !== '') out.write(text);
  };
};
