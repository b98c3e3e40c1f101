import { spawn } from 'node:child_process';
import { findHostPrograms, requireProgram } from '../../processes/host-programs.ts';
import { keptApart } from '../../processes/kept-apart.ts';

const LONGEST_QUOTE = 400;
const LOCK_SECONDS = 60;
/** No script takes a second; one that does not end must not stop all others for ever. */
const LONGEST_MS = 2 * LOCK_SECONDS * 1_000;

/** Runs a shell script while nobody else on the machine has that lock. Rejects with the last of what it said. */
export const runLocked = (lock: string, script: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const flock = requireProgram(findHostPrograms(), 'flock');
    const child = keptApart(['ignore', 'ignore', 'pipe'], (stdio) =>
      spawn(flock, ['--wait', String(LOCK_SECONDS), lock, '/bin/sh', '-c', script], {
        stdio,
        detached: true,
      }),
    );
    const timer = setTimeout(() => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has ended.
      }
    }, LONGEST_MS).unref();
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-LONGEST_QUOTE);
    });
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      if (code === 0) resolve();
      else
        reject(
          new Error(said.trim().replaceAll('\n', '; ') || `The network's lock ${lock} is not given back`),
        );
    });
  });
