/** Why a call to a server did not succeed. */
export type ApiErrorKind =
  /** The server answered with an error. */
  | 'refused'
  /** Nobody answers at the address. */
  | 'unreachable'
  /** The server did not answer in time. */
  | 'timed-out'
  /** The answer is not what this API answers with: probably another server stands at the address. */
  | 'foreign-answer';

/** What is wrong with one place of what was sent. */
export interface ApiErrorDetail {
  /** A JSON pointer, such as /instances; / is the whole. */
  readonly path: string;
  readonly message: string;
  /** What is known beyond the message, one fact each: the rule, the value, what the place is for, what was probably meant. */
  readonly facts?: readonly string[];
}

export interface ApiErrorOptions {
  readonly kind: ApiErrorKind;
  /** The API, as people call it: Marathon, Mesos, the package service. */
  readonly api: string;
  /** What the server said, or what the system said of the connection. */
  readonly message: string;
  readonly method: string;
  readonly url: string;
  /** HTTP status; missing when there was no answer. */
  readonly status?: number | undefined;
  /** Name of the error where the API gives it one (Cosmos: PackageNotFound, …). */
  readonly type?: string | undefined;
  readonly details?: readonly ApiErrorDetail[];
  /** What was probably meant by a name that there is not. */
  readonly nearest?: string | undefined;
  /** Deployments that hold what was to be changed (Marathon). */
  readonly deploymentIds?: readonly string[];
  /** Whether the server said it in the form of the API's errors; default: it did. */
  readonly isOwnForm?: boolean;
  readonly cause?: unknown;
}

/** The one error of all clients. Its message is the server's own; tokens are never part of it. */
export class ApiError extends Error {
  readonly kind: ApiErrorKind;
  readonly api: string;
  readonly method: string;
  readonly url: string;
  readonly status: number | undefined;
  readonly type: string | undefined;
  readonly details: readonly ApiErrorDetail[];
  readonly nearest: string | undefined;
  readonly deploymentIds: readonly string[];
  readonly isOwnForm: boolean;

  constructor(options: ApiErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ApiError';
    this.kind = options.kind;
    this.api = options.api;
    this.method = options.method;
    this.url = options.url;
    this.status = options.status;
    this.type = options.type;
    this.details = options.details ?? [];
    this.nearest = options.nearest;
    this.deploymentIds = options.deploymentIds ?? [];
    this.isOwnForm = options.isOwnForm ?? true;
  }
}

/** Whether a call failed because what it names is not there. */
export const isNotFound = (error: unknown): error is ApiError =>
  error instanceof ApiError && error.kind === 'refused' && error.status === 404;

/** The answer of a call, or undefined when what it names is not there. */
export const orUndefinedIfMissing = async <T>(call: Promise<T>): Promise<T | undefined> => {
  try {
    return await call;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
};
