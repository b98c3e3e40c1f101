import { ApiError } from '../../clients/api-error.ts';
import { ClusterError } from '../../cluster/cluster-error.ts';
import { errorMessage } from '../../runtime/error-message.ts';
import { CliError } from './cli-error.ts';
import type { Outcome } from './exit-codes.ts';
import { explainApiError } from './explain-api-error.ts';

/** An error as it is told to a person: what was wrong, where, and what to do next. */
export interface Explanation {
  readonly outcome: Outcome;
  readonly message: string;
  readonly details: readonly string[];
  readonly hint?: string | undefined;
  /** For `PLENUM_DEBUG`, and only for it. */
  readonly stack?: string | undefined;
}

/** The one place where what was thrown becomes an outcome and words. */
export const explainError = (error: unknown): Explanation => {
  if (error instanceof CliError) {
    const { outcome, message, details, hint } = error;
    return { outcome, message, details, hint, stack: error.stack };
  }
  if (error instanceof ApiError) return explainApiError(error);
  if (error instanceof ClusterError) {
    return { outcome: error.kind, message: error.message, details: [], hint: error.hint, stack: error.stack };
  }
  return {
    outcome: 'failed',
    message: errorMessage(error),
    details: [],
    stack: error instanceof Error ? error.stack : undefined,
  };
};

/** An explanation as lines of text, without a line end at the end. */
export const explanationText = ({ message, details, hint }: Explanation): string => {
  const [first = '', ...rest] = message.trim().split('\n');
  return [`Error: ${first}`, ...rest, ...details, ...(hint === undefined ? [] : [hint])].join('\n  ');
};
