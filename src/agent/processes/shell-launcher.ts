import { closeSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../runtime/clock.ts';
import type { Log } from '../../runtime/log.ts';
import { openExitNotes } from './exit-notes.ts';
import type { HostPrograms } from './host-programs.ts';
import type { LaunchedProcess, Launcher, LaunchOrder } from './launcher.ts';
import { LauncherDied, LauncherProcess } from './launcher-process.ts';

export interface ShellLauncherOptions {
  /** For its pipes; whatever is in there already is removed. */
  folder: string;
  programs: HostPrograms;
  clock: Clock;
  log: Log;
}

/** How often a launch is tried when the launcher dies under it. */
const ATTEMPTS = 3;

/**
 * Starts commands through a shell of its own: a process of a megabyte, which forks fast whatever the size of the agent. It
 * may be killed at any time. What it has started does not need it, and a new one takes its place.
 */
export class ShellLauncher implements Launcher {
  readonly name = 'linux';
  readonly #options: ShellLauncherOptions;
  #process: LauncherProcess | undefined;
  #isClosed = false;

  constructor(options: ShellLauncherOptions) {
    this.#options = options;
    removePipes(options.folder);
  }

  /** Number of the shell that launches now, if there is one. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  async launch(order: LaunchOrder): Promise<LaunchedProcess> {
    for (let attempt = 1; ; attempt++) {
      if (this.#isClosed) throw new Error('The agent stops');
      // Made here, as a file that nobody but the agent's user reads.
      closeSync(openExitNotes(order.exitFile));
      try {
        return await this.#current().launch(order);
      } catch (error) {
        if (!(error instanceof LauncherDied) || attempt === ATTEMPTS) throw error;
        this.#options.log.warn({ attempt }, 'the launcher died; a new one is started');
      }
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#process?.abandonAll();
    removePipes(this.#options.folder);
  }

  #current(): LauncherProcess {
    if (this.#process?.isUsable) return this.#process;
    mkdirSync(this.#options.folder, { recursive: true, mode: 0o700 });
    // Of a name that there never was: a launch of a dead agent may still be under way to its own.
    const folder = mkdtempSync(join(this.#options.folder, 'pipes-'));
    this.#process = new LauncherProcess({ ...this.#options, folder });
    return this.#process;
  }
}

/** Tried again: a launch of a dead agent that finds its pipe removed makes a file of that name. */
const removePipes = (folder: string): void => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
