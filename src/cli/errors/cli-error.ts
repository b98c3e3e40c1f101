import type { Outcome } from './exit-codes.ts';

export interface CliErrorOptions {
  /** One line each: which part of the input is wrong, or what is known about the reason. */
  readonly details?: readonly string[];
  /** What to do next, in one line. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** An error that a person can act on: printed without a stack trace, and turned into an exit code by its outcome. */
export class CliError extends Error {
  readonly outcome: Outcome;
  readonly details: readonly string[];
  readonly hint: string | undefined;

  constructor(outcome: Outcome, message: string, options: CliErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CliError';
    this.outcome = outcome;
    this.details = options.details ?? [];
    this.hint = options.hint;
  }
}

/** What the signal of an interrupted command (Ctrl-C) is aborted with. */
export const interruption = (hint?: string): CliError => new CliError('interrupted', 'Interrupted', { hint });

export const isInterruption = (error: unknown): boolean =>
  error instanceof CliError && error.outcome === 'interrupted';
