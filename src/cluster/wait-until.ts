import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';

export interface Patience {
  readonly timeoutMs: number;
  readonly everyMs: number;
}

/** Asks until the answer is true; false when it never was in time. Unlike a clock's timer, it keeps the process alive. */
export const waitUntil = async (
  ask: () => boolean | Promise<boolean>,
  { timeoutMs, everyMs }: Patience,
): Promise<boolean> => {
  const deadline = performance.now() + timeoutMs;
  while (!(await ask())) {
    if (performance.now() > deadline) return false;
    await pause(everyMs);
  }
  return true;
};
