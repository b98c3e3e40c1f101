import { execFile } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);
const LONGEST_MS = 180_000;
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/** What a client is run with. */
export interface JavaCall {
  /** A process of a task that runs in Java: the client is of the same artifacts. */
  readonly beside: number;
  readonly main: string;
  readonly args: readonly string[];
  readonly input?: string;
  /** Options of the JVM. */
  readonly options?: readonly string[];
}

/**
 * Runs a class of a service's own artifacts, where a task of it has them, and gives what it printed on its standard output.
 * Rejects when it ends with anything but 0, or not in time.
 */
export const runJava = async ({ beside, main, args, input, options = [] }: JavaCall): Promise<string> => {
  const child = run(
    'java',
    ['-Xmx96m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', ...options, main, ...args],
    {
      cwd: readlinkSync(`/proc/${beside}/cwd`),
      env: { PATH: process.env.PATH, CLASSPATH: environmentOf(beside).CLASSPATH },
      timeout: LONGEST_MS,
      maxBuffer: MAX_OUTPUT_BYTES,
    },
  );
  child.child.stdin?.on('error', () => undefined);
  child.child.stdin?.end(input ?? '');
  return (await child).stdout;
};

const environmentOf = (pid: number): Record<string, string> =>
  Object.fromEntries(
    readFileSync(`/proc/${pid}/environ`, 'utf8')
      .split('\0')
      .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
