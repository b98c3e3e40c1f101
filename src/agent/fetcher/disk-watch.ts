import { statfs } from 'node:fs/promises';
import type { Clock, Timer } from '../../runtime/clock.ts';

/** What must stay free for everybody else, while something is fetched; of a small disk this share. */
const LEAST_FREE_BYTES = 256 * 1024 * 1024;
const LEAST_FREE_SHARE = 0.05;
const LEAST_FREE_FILES = 1_000;
const LOOK_EVERY_MS = 250;

/**
 * Does something that writes below a folder, and ends it when the disk is all but full: nobody knows beforehand how much comes
 * out of an archive. Rejects then, for people.
 */
export const whileDiskLasts = async <Result>(
  {
    folder,
    signal,
    clock,
    leastFreeBytes,
  }: { folder: string; signal: AbortSignal; clock: Clock; leastFreeBytes?: number | undefined },
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> => {
  const full = new AbortController();
  const look = async (): Promise<void> => {
    const { bavail, bsize, blocks, ffree, files } = await statfs(folder);
    const least = leastFreeBytes ?? Math.min(LEAST_FREE_BYTES, blocks * bsize * LEAST_FREE_SHARE);
    const isFull = bavail * bsize < least || (files > 0 && ffree < LEAST_FREE_FILES);
    if (isFull)
      full.abort(new Error(`the disk has only ${Math.floor((bavail * bsize) / 1024 ** 2)} MiB left`));
  };
  let timer: Timer | undefined;
  let isOver = false;
  const lookOn = (): void => {
    timer = clock.setTimer(LOOK_EVERY_MS, () => {
      look()
        .catch(() => undefined)
        .finally(() => {
          if (!isOver && !full.signal.aborted) lookOn();
        });
    });
  };
  await look();
  full.signal.throwIfAborted();
  lookOn();
  try {
    return await work(AbortSignal.any([signal, full.signal]));
  } catch (error) {
    throw full.signal.aborted ? full.signal.reason : error;
  } finally {
    isOver = true;
    timer?.cancel();
  }
};
