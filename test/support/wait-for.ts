import { setTimeout as pause } from 'node:timers/promises';

/** Asks again and again until the answer is neither undefined nor false; fails with the last error past the deadline. */
export const waitFor = async <T>(
  what: string,
  ask: () => T | Promise<T>,
  { timeoutMs = 20_000, everyMs = 20 } = {},
): Promise<Exclude<T, undefined | false>> => {
  const deadline = Date.now() + timeoutMs;
  let lastError: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer as Exclude<T, undefined | false>;
    } catch (error) {
      lastError = error;
    }
    if (Date.now() > deadline) throw new Error(`Timed out waiting: ${what}`, { cause: lastError });
    await pause(everyMs);
  }
};
