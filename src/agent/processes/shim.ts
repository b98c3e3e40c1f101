import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import type { CommandInfo } from '../../mesos/generated/mesos.ts';
import type { Exit } from '../core/exit.ts';

/**
 * What runs between the agent and a command: a shell in a session of its own, which
 * - waits for a line on its standard input before it runs the command, so that nothing ever runs of which the agent has
 *   no durable record; when the agent dies before, it ends without a trace;
 * - notes in a file that the command was started, and at its end its exit code, so that this is known although the agent
 *   may be dead by then; without the first note it does not run the command;
 * - survives the signals that are meant for the command's process group; the subshell around the command has them as
 *   they were, since trapped signals (unlike ignored ones) are reset there.
 * A shell's own code for a signal (128 + number) cannot be told from such an exit status; but the shell says on its
 * standard error when a foreground command was ended by a signal, and here that is a file of its own. Both files come
 * open (3 and 4), as the shell may run as a user who could not open them.
 */
const SCRIPT = `
trap : HUP INT QUIT TERM USR1 USR2 ALRM PIPE
read -r leave || exit 0
echo started >&3 || exit 0
exec 5>&2 2>&4
( exec "$@" ) </dev/null 2>&5 3>&- 4>&- 5>&-
echo "$?" >&3
`;

export interface ShimOptions {
  command: CommandInfo;
  environment: Readonly<Record<string, string>>;
  sandbox: string;
  /** Where the shell's notes go. */
  exitFile: string;
  /** Open files that take the command's output. */
  stdout: number;
  stderr: number;
  identity: { uid: number; gid: number } | undefined;
}

/** Starts the shell that will run a command once a line is written to its standard input. */
export const spawnShim = (options: ShimOptions): ChildProcess => {
  const { environment, sandbox, exitFile, stdout, stderr, identity } = options;
  removeShimNotes(exitFile);
  const notes = [exitFile, signalFile(exitFile)].map((file) => openSync(file, 'a', 0o600));
  try {
    const child = spawn('/bin/sh', ['-c', SCRIPT, 'plenum-task', ...commandLine(options)], {
      cwd: sandbox,
      env: environment,
      detached: true,
      stdio: ['pipe', stdout, stderr, ...notes],
      ...identity,
    });
    child.unref();
    return child;
  } finally {
    for (const file of notes) closeSync(file);
  }
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

const signalFile = (exitFile: string): string => `${exitFile}.signal`;

export const readShimNote = (exitFile: string): ShimNote => {
  const text = readIfThere(exitFile);
  if (text === '') return { type: 'none' };
  const [, digits] = /^started\n(\d+)\n$/.exec(text) ?? [];
  if (digits === undefined) return { type: 'started' };
  const code = Number(digits);
  const signal = code - SIGNAL_BASE;
  if (signal > 0 && (SILENT_SIGNALS.has(signal) || readIfThere(signalFile(exitFile)) !== '')) {
    return { type: 'ended', exit: { type: 'signalled', signal } };
  }
  return { type: 'ended', exit: { type: 'exited', code } };
};

/** Removes what a shell noted. */
export const removeShimNotes = (exitFile: string): void => {
  rmSync(exitFile, { force: true });
  rmSync(signalFile(exitFile), { force: true });
};

/** The container that a file of notes belongs to, by the file's name. */
export const containerOfNotes = (fileName: string): string => fileName.replace(/\.signal$/, '');

const readIfThere = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};
