import { spawn } from 'node:child_process';

/** How a program ended; `code` is -1 when a signal ended it. */
export interface EndOfProgram {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramSettings {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Its input goes on after `input`, with what is written to it. */
  readonly isInputOpen?: boolean;
  /** It is killed, and its end is an error, when it runs for longer. */
  readonly timeoutMs?: number;
}

export interface Program {
  /** What it printed so far. */
  readonly output: { readonly stdout: string; readonly stderr: string };
  readonly ended: Promise<EndOfProgram>;
  readonly write: (text: string) => void;
  /** Kills it with all that it started; nothing when it has ended. */
  readonly kill: () => void;
}

const TIMEOUT_MS = 90_000;
/** What is kept of each output: its beginning, since only a program that went wild prints more. */
const OUTPUT_LIMIT = 4 * 1024 * 1024;

/** Starts a program in a process group of its own, which never outlives its deadline. */
export const startProgram = (
  command: string,
  args: readonly string[],
  { cwd, env = {}, input = '', isInputOpen = false, timeoutMs = TIMEOUT_MS }: ProgramSettings = {},
): Program => {
  const child = spawn(command, args, {
    detached: true,
    env: { ...process.env, ...env },
    stdio: 'pipe',
    ...(cwd === undefined ? {} : { cwd }),
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      if (output[name].length < OUTPUT_LIMIT) output[name] += text;
    });
  }
  const kill = (): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  };
  const ended = new Promise<EndOfProgram>((resolve, reject) => {
    const deadline = setTimeout(() => {
      kill();
      reject(new Error(`${described(command, args)} did not end in ${timeoutMs} ms\n${said(output)}`));
    }, timeoutMs);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(deadline);
      resolve({ code: code ?? -1, ...output });
    });
  });
  // Whoever only looks at the output must not die of the deadline.
  ended.catch(() => undefined);
  child.stdin.on('error', () => undefined);
  if (isInputOpen) child.stdin.write(input);
  else child.stdin.end(input);
  return { output, ended, write: (text) => void child.stdin.write(text), kill };
};

/** Runs a program that must succeed, and gives what it printed. */
export const runProgram = async (
  command: string,
  args: readonly string[],
  settings?: ProgramSettings,
): Promise<EndOfProgram> => {
  const end = await startProgram(command, args, settings).ended;
  if (end.code !== 0) throw new Error(`${described(command, args)} ended with ${end.code}\n${said(end)}`);
  return end;
};

const described = (command: string, args: readonly string[]): string => [command, ...args].join(' ');

const said = ({ stdout, stderr }: { stdout: string; stderr: string }): string =>
  `${stdout.slice(-4000)}\n${stderr.slice(-4000)}`;
