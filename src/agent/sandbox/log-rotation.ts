import {
  closeSync,
  constants,
  createReadStream,
  createWriteStream,
  fchmodSync,
  fchownSync,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
} from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../../runtime/clock.ts';
import { errorMessage } from '../../runtime/error-message.ts';
import type { Log } from '../../runtime/log.ts';
import { openPlainFile } from './plain-file.ts';

/** Bounds of one output file. */
export interface LogLimits {
  readonly maxBytes: number;
  /** Older parts that are kept: NAME.1 is the latest. */
  readonly kept: number;
}

/** As Mesos' rotating logger has it (mesos.md 6.2). */
export const DEFAULT_LOG_LIMITS: LogLimits = { maxBytes: 10 * 1024 * 1024, kept: 4 };
const LOOK_EVERY_MS = 5_000;

const UNITS: Readonly<Record<string, number>> = { B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 };

/** What a task's own environment says about its logs: CONTAINER_LOGGER_MAX_STDOUT_SIZE=2MB. */
export const logLimitsOf = (
  environment: Readonly<Record<string, string>>,
  name: 'stdout' | 'stderr',
  defaults: LogLimits,
): LogLimits => {
  const text = environment[`CONTAINER_LOGGER_MAX_${name.toUpperCase()}_SIZE`] ?? '';
  const [, amount, unit = ''] = /^(\d+)([KMG]?B)$/.exec(text) ?? [];
  return amount === undefined ? defaults : { ...defaults, maxBytes: Number(amount) * (UNITS[unit] ?? 1) };
};

/**
 * Keeps the output of running containers bounded. A file that has grown past its limit is copied to NAME.1 and emptied;
 * writers hold it open for appending, so they go on at its start. What is written between the copy and the cut is lost,
 * which is the price of not being in the way of the writer. The task can put whatever it likes in their places: only plain
 * files of its own are touched.
 */
export class LogRotation {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #files = new Map<string, Map<string, LogLimits>>();
  readonly #rotating = new Set<string>();
  #isClosed = false;

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
    this.#lookAgain();
  }

  watch(containerId: string, sandbox: string, limits: { stdout: LogLimits; stderr: LogLimits }): void {
    this.#files.set(
      containerId,
      new Map([
        [join(sandbox, 'stdout'), limits.stdout],
        [join(sandbox, 'stderr'), limits.stderr],
      ]),
    );
  }

  unwatch(containerId: string): void {
    this.#files.delete(containerId);
  }

  /** Rotates whatever is too long now. */
  async look(): Promise<void> {
    const due = [...this.#files.values()]
      .flatMap((files) => [...files])
      .filter(([path, { maxBytes }]) => {
        const size = lstatSync(path, { throwIfNoEntry: false })?.size ?? 0;
        return size > maxBytes && !this.#rotating.has(path);
      });
    await Promise.all(due.map(([path, limits]) => this.#rotate(path, limits)));
  }

  close(): void {
    this.#isClosed = true;
  }

  #lookAgain(): void {
    this.#clock.setTimer(LOOK_EVERY_MS, () => {
      if (this.#isClosed) return;
      void this.look().finally(() => this.#lookAgain());
    });
  }

  async #rotate(path: string, { kept }: LogLimits): Promise<void> {
    this.#rotating.add(path);
    let source: number | undefined;
    try {
      source = openPlainFile(path, { flags: constants.O_RDWR, owner: lstatSync(dirname(path)).uid });
      for (let number = kept - 1; number >= 1; number--) {
        await rename(`${path}.${number}`, `${path}.${number + 1}`).catch(() => undefined);
      }
      await rm(`${path}.1`, { force: true });
      if (kept > 0) await copyTo(source, `${path}.1`);
      ftruncateSync(source, 0);
    } catch (error) {
      // A full disk: the next look tries again.
      this.#log.warn({ path, error: errorMessage(error) }, 'cannot rotate a log');
    } finally {
      if (source !== undefined) closeSync(source);
      this.#rotating.delete(path);
    }
  }
}

/** A copy of an open file, with its owner and mode, in a new file. */
const copyTo = async (source: number, path: string): Promise<void> => {
  const { uid, gid, mode, size } = fstatSync(source);
  const target = openSync(path, 'wx', 0o600);
  try {
    const reader = createReadStream('', { fd: source, start: 0, end: size - 1, autoClose: false });
    await pipeline(reader, createWriteStream('', { fd: target, autoClose: false }));
    fchmodSync(target, mode);
    if (process.getuid?.() === 0) fchownSync(target, uid, gid);
  } finally {
    closeSync(target);
  }
};
