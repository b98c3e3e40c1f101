/** What is wrong with a repository as a whole. */
export type RepositoryProblem =
  /** The URI cannot be understood or is of a kind that is not supported. */
  | 'bad-uri'
  /** What it names cannot be reached or does not exist. */
  | 'unreachable'
  /** The server answered with an error status. */
  | 'bad-status'
  /** The server leads to where it is not followed. */
  | 'bad-redirect'
  /** What the server sent is compressed in a way that is not read. */
  | 'bad-encoding'
  /** What the server sent is no repository in a form that is read here. */
  | 'bad-content-type'
  /** It claims to be a repository but cannot be read as one. */
  | 'bad-content'
  /** It is not signed by the key that it should be signed by. */
  | 'bad-signature';

/** A repository cannot be read at all. The message is a sentence without secrets. */
export class RepositoryError extends Error {
  readonly problem: RepositoryProblem;
  /** For `bad-status`. */
  readonly status: number | undefined;
  /** What there is instead of what is supported: a content type, an encoding, the scheme of a redirect. */
  readonly actual: string | undefined;

  constructor(
    problem: RepositoryProblem,
    message: string,
    options: { status?: number; actual?: string | undefined; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'RepositoryError';
    this.problem = problem;
    this.status = options.status;
    this.actual = options.actual;
  }
}
