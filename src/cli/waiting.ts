import { setTimeout as pauseFor } from 'node:timers/promises';
import { interruption } from './errors/cli-error.ts';

const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 500;
const GROWTH = 1.4;

export interface WaitOptions {
  /** On the clock of `performance.now()`. */
  readonly deadline: number;
  readonly signal: AbortSignal;
  /** What goes on although nobody waits for it any more, and how to see it: said to whoever interrupts. */
  readonly goesOn?: string | undefined;
}

/**
 * Asks ever less often until the answer is no longer undefined; undefined when it still is at the deadline. Rejects with
 * the signal's reason when it is aborted.
 */
export const waitUntil = async <T>(
  ask: () => Promise<T | undefined>,
  { deadline, signal, goesOn }: WaitOptions,
): Promise<T | undefined> => {
  try {
    return await askUntil(ask, { deadline, signal });
  } catch (error) {
    throw signal.aborted && goesOn !== undefined ? interruption(goesOn) : error;
  }
};

const askUntil = async <T>(
  ask: () => Promise<T | undefined>,
  { deadline, signal }: WaitOptions,
): Promise<T | undefined> => {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * GROWTH, LONGEST_PAUSE_MS)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    const leftMs = deadline - performance.now();
    if (leftMs <= 0) return undefined;
    await pause(Math.min(pauseMs, leftMs), signal);
  }
};

/** Unlike a clock's timer, this keeps the process alive. Rejects with the signal's reason when it is aborted. */
export const pause = async (ms: number, signal: AbortSignal): Promise<void> => {
  try {
    await pauseFor(ms, undefined, { signal });
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
};
