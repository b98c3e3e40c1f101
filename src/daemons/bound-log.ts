import { copyFileSync, fstatSync, ftruncateSync } from 'node:fs';
import type { Clock } from '../runtime/clock.ts';

const LONGEST_BYTES = 8 * 1024 * 1024;
const LOOK_EVERY_MS = 30_000;
const STANDARD_OUTPUT = 1;

/**
 * Keeps a log bounded while the process runs whose standard output it is: the file is copied to NAME.1 and emptied when
 * it has grown too long. It was opened for appending, so what comes next begins at its start.
 */
export const boundLog = (file: string, clock: Clock): void => {
  const look = (): void => {
    try {
      if (fstatSync(STANDARD_OUTPUT).size > LONGEST_BYTES) {
        copyFileSync(file, `${file}.1`);
        ftruncateSync(STANDARD_OUTPUT);
      }
    } catch {
      // A full disk or a log folder that was removed must not stop the cluster; the next look tries again.
    }
    clock.setTimer(LOOK_EVERY_MS, look);
  };
  clock.setTimer(LOOK_EVERY_MS, look);
};
