import { lstat, readdir, rm, rmdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../runtime/clock.ts';
import { errorMessage } from '../../runtime/error-message.ts';
import type { Log } from '../../runtime/log.ts';

export interface CollectorOptions {
  workDir: string;
  /** Sandboxes that are in use, by their path. */
  isInUse: (sandbox: string) => boolean;
  clock: Clock;
  log: Log;
  /** How long a sandbox stays after its last change, with a disk that is nearly empty. */
  delayMs?: number;
  /** The share of the disk that is to stay free: near it, nothing is kept. */
  headroom?: number;
}

const DEFAULT_DELAY_MS = 7 * 24 * 3_600_000;
const LOOK_EVERY_MS = 60_000;
const DEFAULT_HEADROOM = 0.1;

export interface CollectorCounters {
  succeeded: number;
  failed: number;
  /** Sandboxes that wait for their time. */
  pending: number;
}

/** Removes the sandboxes of runs that ended, by age, and the sooner the fuller the disk is (mesos.md 6.6). */
export class SandboxCollector {
  readonly counters: CollectorCounters = { succeeded: 0, failed: 0, pending: 0 };
  readonly #options: CollectorOptions;
  #usedShare = 0;
  #isClosed = false;

  constructor(options: CollectorOptions) {
    this.#options = options;
    this.#lookAgain();
  }

  /** The age past which a sandbox goes, as full as the disk was at the last look. */
  get longestMs(): number {
    const { delayMs = DEFAULT_DELAY_MS, headroom } = this.#options;
    return maxAgeMs(delayMs, this.#usedShare, headroom);
  }

  /** Removes what is too old now. */
  async collect(): Promise<void> {
    const { workDir, isInUse, clock, log } = this.#options;
    this.#usedShare = await usageOf(workDir);
    const longestMs = this.longestMs;
    this.counters.pending = 0;
    for (const { sandbox, parents } of await runsIn(workDir)) {
      if (this.#isClosed) return;
      if (isInUse(sandbox)) continue;
      try {
        const { mtimeMs } = await lstat(sandbox);
        if (clock.now() - mtimeMs <= longestMs) {
          this.counters.pending++;
          continue;
        }
        await rm(sandbox, { recursive: true, force: true });
        this.counters.succeeded++;
        await removeEmpty(parents);
      } catch (error) {
        this.counters.failed++;
        log.warn({ sandbox, error: errorMessage(error) }, 'cannot remove an old sandbox');
      }
    }
  }

  close(): void {
    this.#isClosed = true;
  }

  #lookAgain(): void {
    this.#options.clock.setTimer(LOOK_EVERY_MS, () => {
      if (this.#isClosed) return;
      void this.collect().finally(() => this.#lookAgain());
    });
  }
}

/** The age past which a sandbox goes, on a disk of which this share is used. */
export const maxAgeMs = (delayMs: number, usedShare: number, headroom = DEFAULT_HEADROOM): number =>
  delayMs * Math.max(0, 1 - headroom - usedShare);

const usageOf = async (folder: string): Promise<number> => {
  try {
    const { blocks, bavail } = await statfs(folder);
    return blocks === 0 ? 0 : 1 - bavail / blocks;
  } catch {
    return 0;
  }
};

/** Every run that has a sandbox, with the folders that go when it was the last one in them. */
const runsIn = async (workDir: string): Promise<{ sandbox: string; parents: string[] }[]> => {
  const found: { sandbox: string; parents: string[] }[] = [];
  const agents = join(workDir, 'slaves');
  for (const agent of await foldersIn(agents)) {
    for (const framework of await foldersIn(join(agent, 'frameworks'))) {
      for (const executor of await foldersIn(join(framework, 'executors'))) {
        const runs = join(executor, 'runs');
        for (const sandbox of await foldersIn(runs)) {
          found.push({ sandbox, parents: [runs, executor, join(framework, 'executors'), framework] });
        }
      }
    }
  }
  return found;
};

/** Real folders only: links such as `latest` lead to what is listed anyway. */
const foldersIn = async (folder: string): Promise<string[]> => {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
  } catch {
    return [];
  }
};

const removeEmpty = async (folders: readonly string[]): Promise<void> => {
  for (const folder of folders) {
    const left = await readdir(folder);
    if (left.length > 1 || (left[0] !== undefined && left[0] !== 'latest')) return;
    await rm(join(folder, 'latest'), { force: true });
    await rmdir(folder);
  }
};
