import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { errorMessage } from '../../runtime/error-message.ts';
import { openExitNotes } from './exit-notes.ts';
import { keptApart } from './kept-apart.ts';
import type { LaunchedProcess, Launcher, LaunchOrder } from './launcher.ts';
import { identify } from './process-table.ts';
import { PLAIN_SCRIPT } from './waiting-shell.ts';

/**
 * Starts commands as children of the agent, for machines that have none of the programs that the other launcher needs. The
 * larger the agent is, the longer every start takes: to fork a process its page tables are copied.
 */
export class DirectLauncher implements Launcher {
  readonly name = 'posix';
  readonly #waiting = new Set<() => void>();

  launch(order: LaunchOrder): Promise<LaunchedProcess> {
    if (order.isolation) return Promise.reject(new Error('This launcher starts plain processes only'));
    const { command, environment, sandbox, exitFile, user } = order;
    const notes = openExitNotes(exitFile);
    const output = [order.stdout, order.stderr].map((file) => openSync(file, 'a'));
    const child = keptApart(['pipe', ...output, notes], (stdio) =>
      spawn('/bin/sh', ['-c', PLAIN_SCRIPT, 'plenum-task', ...command], {
        cwd: sandbox,
        env: environment,
        detached: true,
        stdio,
        ...user,
      }),
    );
    for (const file of output) closeSync(file);
    closeSync(notes);
    child.unref();
    child.stdin?.on('error', () => undefined);
    return new Promise((resolve, reject) => {
      child.once('error', (error) => reject(new Error(errorMessage(error))));
      const identity = child.pid === undefined ? undefined : identify(child.pid);
      // Without a number there will be an error, which says more.
      if (!identity) return;
      const abandon = (): void => {
        this.#waiting.delete(abandon);
        child.kill('SIGKILL');
      };
      this.#waiting.add(abandon);
      resolve({
        identity,
        release: () => {
          this.#waiting.delete(abandon);
          child.stdin?.end('\n');
        },
        abandon,
        ended: new Promise((end) => child.once('exit', () => end())),
      });
    });
  }

  close(): void {
    for (const abandon of this.#waiting) abandon();
  }
}
