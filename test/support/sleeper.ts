import { readdirSync, readFileSync } from 'node:fs';

let sleepers = 0;

/** A `sleep` that can be told from all others; a number from inside a container says nothing outside of it. */
export interface Sleeper {
  /** A shell command that never returns. */
  readonly command: string;
  /** Its number on this machine while it runs. */
  pid(): number | undefined;
}

export const sleeper = (): Sleeper => {
  const seconds = `${100_000 + process.pid}.${++sleepers}`;
  return { command: `exec sleep ${seconds}`, pid: () => findProcess(`sleep\0${seconds}\0`) };
};

const findProcess = (commandLine: string): number | undefined => {
  const name = readdirSync('/proc').find(
    (each) => /^\d+$/.test(each) && readCommandLine(each) === commandLine,
  );
  return name === undefined ? undefined : Number(name);
};

const readCommandLine = (pid: string): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    // It has ended.
    return '';
  }
};
