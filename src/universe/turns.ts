/** Long work lets others of the process have their turn after this. */
const LONGEST_TURN_MS = 5;

const waiting: (() => void)[] = [];

/**
 * Asked again and again by long work: resolves at once while its turn lasts, else after everything else that was due. Of
 * all that wait, one goes on in each round of the event loop, so that many at once hold up others no longer than one.
 */
export const createTurns = (): (() => Promise<void>) => {
  let start = performance.now();
  return async () => {
    if (performance.now() - start < LONGEST_TURN_MS) return;
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      if (waiting.length === 1) setImmediate(next);
    });
    start = performance.now();
  };
};

const next = (): void => {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(next);
};
