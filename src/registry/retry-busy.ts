import { type Clock, pause } from '../runtime/clock.ts';
import { ImageError } from './image-error.ts';
import type { ImageLimits } from './image-limits.ts';
import { RegistryBusyError } from './registry-session.ts';

const LONGEST_WAIT_MS = 30_000;

/** Does something again for which a registry was too busy, or to which the connection broke, a few times. */
export const retryBusy = async <Result>(
  { clock, limits, signal }: { clock: Clock; limits: ImageLimits; signal: AbortSignal },
  work: () => Promise<Result>,
): Promise<Result> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ImageError || attempt >= limits.attempts) throw error;
      const usual = limits.retryMs * 2 ** attempt;
      const waitMs = error instanceof RegistryBusyError ? (error.retryAfterMs ?? usual) : usual;
      await pause(clock, Math.min(waitMs, LONGEST_WAIT_MS));
      signal.throwIfAborted();
    }
  }
};
