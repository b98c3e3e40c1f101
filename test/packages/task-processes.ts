import { execFileSync } from 'node:child_process';

const LONGEST_LISTING_BYTES = 64 * 1024 * 1024;

/** Processes of this user in whose environment the text stands: those of a task, or of all tasks of a cluster. */
export const processesWith = (text: string): number[] =>
  execFileSync('ps', ['axeww', '-o', 'pid=,command='], {
    encoding: 'utf8',
    maxBuffer: LONGEST_LISTING_BYTES,
  })
    .split('\n')
    .filter((line) => line.includes(text))
    .map((line) => Number.parseInt(line, 10))
    .filter((pid) => pid !== process.pid);

/** Ends processes at once, as a crash would; one that has just ended by itself does not matter. */
export const killAll = (pids: readonly number[]): void => {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
};
