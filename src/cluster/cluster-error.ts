/** Why an operation on a local cluster was not done; callers turn it into their exit code. */
export type ClusterErrorKind = 'failed' | 'usage' | 'not-found' | 'conflict' | 'timed-out';

/** One line of what was wrong and one of what to do about it. */
export class ClusterError extends Error {
  readonly kind: ClusterErrorKind;
  readonly hint: string | undefined;

  constructor(kind: ClusterErrorKind, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ClusterError';
    this.kind = kind;
    this.hint = options.hint;
  }
}
