import { ApiError } from '../../clients/api-error.ts';
import { ClusterError } from '../../cluster/cluster-error.ts';
import { errorMessage } from '../../runtime/error-message.ts';
import { withoutControls } from '../output/plain-text.ts';
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
    message: error instanceof TypeError ? unexpected(error) : errorMessage(error),
    details: [],
    hint: error instanceof TypeError ? 'PLENUM_DEBUG=1 shows where that was' : undefined,
    stack: error instanceof Error ? error.stack : undefined,
  };
};

/** Most often the answer of a server that lacks what all servers of its kind have. */
const unexpected = (error: TypeError): string =>
  `Something is not as it has to be, probably in an answer of the cluster: ${error.message}`;

/** An explanation as lines of text, without a line end at the end, and without what would steer a terminal. */
export const explanationText = ({ message, details, hint }: Explanation): string => {
  const [first = '', ...rest] = message.trim().split('\n');
  const lines = [`Error: ${first}`, ...rest, ...details, ...(hint === undefined ? [] : [hint])];
  return withoutControls(lines.join('\n  '));
};
