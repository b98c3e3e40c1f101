import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { CommandInfo } from '../../mesos/generated/mesos.ts';
import type { Exit } from '../core/exit.ts';

/**
 * What runs between the agent and a command: a shell in a session of its own, which
 * - waits for a line on its standard input before it runs the command, so that nothing ever runs of which the agent has
 *   no durable record; when the agent dies before, it ends without a trace;
 * - notes in a file that the command was started, and at its end how it ended, so that this is known although the agent
 *   may be dead by then;
 * - survives the signals that are meant for the command's process group; the subshell around the command has them as
 *   they were, since trapped signals (unlike ignored ones) are reset there.
 * A shell's own code for a signal (128 + number) cannot be told from such an exit status; but the shell says on its
 * standard error when a foreground command was ended by a signal, and here that is a file of its own.
 */
const SCRIPT = `
exit_file=$1; shift
trap : HUP INT QUIT TERM USR1 USR2 ALRM PIPE
exec 4>&2
read -r leave || exit 0
echo started >"$exit_file"
exec 2>"$exit_file.note"
( exec "$@" ) </dev/null 2>&4 4>&-
code=$?
line=
read -r line <"$exit_file.note"
echo "$code\${line:+ signalled}" >"$exit_file"
`;

export interface ShimOptions {
  command: CommandInfo;
  environment: Readonly<Record<string, string>>;
  sandbox: string;
  exitFile: string;
  /** Open files that take the command's output. */
  stdout: number;
  stderr: number;
  identity: { uid: number; gid: number } | undefined;
}

/** Starts the shell that will run a command once a line is written to its standard input. */
export const spawnShim = (options: ShimOptions): ChildProcess => {
  const { environment, sandbox, exitFile, stdout, stderr, identity } = options;
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'plenum-task', exitFile, ...commandLine(options)], {
    cwd: sandbox,
    env: environment,
    detached: true,
    stdio: ['pipe', stdout, stderr],
    ...identity,
  });
  child.unref();
  return child;
};

/** A shell command, or a program and its arguments, of which the first is only the name that the program is told. */
export const commandLine = ({
  command,
  environment,
}: Pick<ShimOptions, 'command' | 'environment'>): string[] => {
  const { shell = true, value, arguments: args = [] } = command;
  if (shell) return ['/bin/sh', '-c', value ?? ''];
  const program = [value ?? args[0] ?? '', ...args.slice(1)];
  // Shells drop variables whose names they could not write themselves; env hands them on.
  const unusual = Object.entries(environment).filter(([name]) => !/^[A-Za-z_]\w*$/.test(name));
  return unusual.length === 0
    ? program
    : ['env', ...unusual.map(([name, text]) => `${name}=${text}`), ...program];
};

/** What the shell noted: nothing, that the command was started, or how it ended. */
export type ShimNote = { type: 'none' } | { type: 'started' } | { type: 'ended'; exit: Exit };

/** Signals that end a foreground command without a word from the shell. */
const SILENT_SIGNALS: ReadonlySet<number> = new Set([2, 13]);
const SIGNAL_BASE = 128;

export const readShimNote = (exitFile: string): ShimNote => {
  let text: string;
  try {
    text = readFileSync(exitFile, 'utf8');
  } catch {
    return { type: 'none' };
  }
  const [, digits, signalled] = /^(\d+)( signalled)?\n$/.exec(text) ?? [];
  if (digits === undefined) return { type: 'started' };
  const code = Number(digits);
  const signal = code - SIGNAL_BASE;
  if (signal > 0 && (signalled !== undefined || SILENT_SIGNALS.has(signal))) {
    return { type: 'ended', exit: { type: 'signalled', signal } };
  }
  return { type: 'ended', exit: { type: 'exited', code } };
};
