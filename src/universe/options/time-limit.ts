import { createContext, Script } from 'node:vm';

/** A computation was stopped because it took too long. */
export class TimeLimitError extends Error {
  constructor(limitMs: number) {
    super(`took longer than ${limitMs} ms`);
    this.name = 'TimeLimitError';
  }
}

const script = new Script('compute()');
/** One for all: to make it takes longer than most computations. */
const context = createContext({ compute: undefined });

/**
 * Runs a synchronous computation and stops it at the limit, wherever it is: the patterns of a hostile schema can keep a
 * regular expression busy for hours. Throws TimeLimitError, or whatever the computation throws.
 */
export const withinTime = <T>(limitMs: number, compute: () => T): T => {
  try {
    context.compute = compute;
    return script.runInContext(context, { timeout: limitMs }) as T;
  } catch (error) {
    // The error comes from the other context, so that it is no Error of this one.
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    throw code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' ? new TimeLimitError(limitMs) : error;
  } finally {
    context.compute = undefined;
  }
};
