import { type FSWatcher, watch } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Clock } from '../../runtime/clock.ts';
import type { OutputSink } from './output-fan.ts';

const PIECE_BYTES = 64 * 1024;
/** Where the system tells of no changes. */
const LOOK_EVERY_MS = 100;

/**
 * Passes on what is written to a file from now on, at the pace of who takes it, until `isOver` and its end. A file that is
 * cut is followed from its start. Gives the function that stops it.
 */
export const followFile = (
  path: string,
  sink: OutputSink,
  { isOver, clock }: { isOver: () => boolean; clock: Clock },
): (() => void) => {
  const waker = new Waker(path, clock);
  let isStopped = false;
  let isFull = false;
  sink.onRoom = () => {
    isFull = false;
    waker.wake();
  };
  const follow = async (): Promise<void> => {
    const file = await open(path, 'r');
    try {
      let position = (await file.stat()).size;
      while (!isStopped) {
        // Asked first: what was written before the end is seen by the read.
        const wasOver = isOver();
        const chunk = await readPiece(file, position);
        if (chunk.length > 0) {
          position += chunk.length;
          isFull = !sink.write('STDOUT', chunk);
          while (isFull && !isStopped) await waker.sleep();
          continue;
        }
        if (wasOver) break;
        if ((await file.stat()).size < position) position = 0;
        else await waker.sleep(LOOK_EVERY_MS);
      }
    } finally {
      await file.close();
    }
  };
  void follow().then(
    () => {
      waker.close();
      if (!isStopped) sink.end();
    },
    () => {
      waker.close();
      sink.cut();
    },
  );
  return () => {
    isStopped = true;
    waker.wake();
  };
};

const readPiece = async (file: FileHandle, position: number): Promise<Buffer> => {
  const buffer = Buffer.allocUnsafe(PIECE_BYTES);
  const { bytesRead } = await file.read(buffer, 0, PIECE_BYTES, position);
  return buffer.subarray(0, bytesRead);
};

/** Sleeps until the file changes, somebody wakes it or the time is over. */
class Waker {
  readonly #clock: Clock;
  readonly #watcher: FSWatcher | undefined;
  #wakeNow: (() => void) | undefined;
  #isAwake = false;

  constructor(path: string, clock: Clock) {
    this.#clock = clock;
    this.#watcher = watchFile(path, () => this.wake());
  }

  wake(): void {
    this.#isAwake = true;
    this.#wakeNow?.();
  }

  async sleep(longestMs?: number): Promise<void> {
    if (this.#isAwake) {
      this.#isAwake = false;
      return;
    }
    await new Promise<void>((resolve) => {
      const timer = longestMs === undefined ? undefined : this.#clock.setTimer(longestMs, resolve);
      this.#wakeNow = () => {
        timer?.cancel();
        resolve();
      };
    });
    this.#wakeNow = undefined;
    this.#isAwake = false;
  }

  close(): void {
    this.#watcher?.close();
  }
}

const watchFile = (path: string, onChange: () => void): FSWatcher | undefined => {
  try {
    return watch(path, { persistent: false }, onChange).on('error', () => undefined);
  } catch {
    // Too many are watched, or the system has no such thing: it is looked at from time to time.
    return undefined;
  }
};
