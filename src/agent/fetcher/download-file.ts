import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openStream } from '../../http/client.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Checksum } from './uri.ts';

const MAX_REDIRECTS = 10;
const HEADERS_TIMEOUT_MS = 60_000;
/** A download that brings nothing for so long is given up (mesos.md 6.3). */
const STALL_TIMEOUT_MS = 60_000;

export interface DownloadOptions {
  url: string;
  /** Path of the file to write. */
  target: string;
  clock: Clock;
  signal: AbortSignal;
}

/** Downloads a file. On any failure nothing is left of it. */
export const downloadFile = async ({ url, target, clock, signal }: DownloadOptions): Promise<void> => {
  const stream = await openStream({
    url,
    signal,
    timeoutMs: HEADERS_TIMEOUT_MS,
    maxRedirects: MAX_REDIRECTS,
  });
  if (stream.status !== 200) {
    stream.close();
    throw new Error(`the server answered ${stream.status}`);
  }
  const expected = Number(stream.headers['content-length'] ?? Number.NaN);
  const watch = new StallWatch(clock, () => stream.close());
  try {
    await pipeline(stream.body, watch, createWriteStream(target), { signal });
    if (!Number.isNaN(expected) && watch.bytes !== expected) {
      throw new Error(`the download ended after ${watch.bytes} of ${expected} bytes`);
    }
  } catch (error) {
    await rm(target, { force: true });
    throw watch.isStalled
      ? new Error(`nothing arrived for ${STALL_TIMEOUT_MS / 1000} s`, { cause: error })
      : error;
  } finally {
    watch.stop();
  }
};

/** Counts what passes, and calls out when nothing does for too long. */
class StallWatch extends Transform {
  bytes = 0;
  isStalled = false;
  #lastBytes = -1;
  #isStopped = false;
  readonly #clock: Clock;
  readonly #onStall: () => void;

  constructor(clock: Clock, onStall: () => void) {
    super();
    this.#clock = clock;
    this.#onStall = onStall;
    this.#look();
  }

  stop(): void {
    this.#isStopped = true;
  }

  override _transform(chunk: Buffer, _encoding: string, done: (error: null, chunk: Buffer) => void): void {
    this.bytes += chunk.length;
    done(null, chunk);
  }

  #look(): void {
    this.#lastBytes = this.bytes;
    this.#clock.setTimer(STALL_TIMEOUT_MS, () => {
      if (this.#isStopped) return;
      if (this.bytes > this.#lastBytes) return this.#look();
      this.isStalled = true;
      this.#onStall();
    });
  }
}

/** Throws unless the file has the checksum. */
export const verifyChecksum = async (path: string, { algorithm, digest }: Checksum): Promise<void> => {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path), hash);
  const actual = hash.digest('hex');
  if (actual !== digest) throw new Error(`its ${algorithm} is ${actual}, expected ${digest}`);
};
