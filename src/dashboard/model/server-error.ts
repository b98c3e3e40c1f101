/** What is wrong with one place of what was sent. */
export interface ErrorDetail {
  /** A JSON pointer; / is the whole. */
  readonly path: string;
  readonly message: string;
}

/** What a server said when it refused. */
export class ServerError extends Error {
  /** 0 when there was no answer. */
  readonly status: number;
  readonly details: readonly ErrorDetail[];

  constructor(status: number, message: string, details: readonly ErrorDetail[] = []) {
    super(message);
    this.name = 'ServerError';
    this.status = status;
    this.details = details;
  }
}

const LONGEST_TEXT = 4_000;

/**
 * Reads an error's body in the forms that the APIs have: Marathon's and the job service's `{message, details}`, the package
 * service's `{message, data: {errors}}`, the gateway's `{message}`, and the master's plain text.
 */
export const readServerError = (status: number, statusText: string, body: string): ServerError => {
  const parsed = parsedObject(body);
  const fallback = body.trim().slice(0, LONGEST_TEXT) || statusText || `The server answered ${status}`;
  if (parsed === undefined) return new ServerError(status, fallback);
  const { message, details, data, deployments } = parsed;
  const { errors } = (data ?? {}) as { errors?: unknown };
  const found = [details, errors].flatMap((list) => (Array.isArray(list) ? list.flatMap(detailsOf) : []));
  const lockedBy = Array.isArray(deployments) ? deployments.flatMap(idOf) : [];
  const text = typeof message === 'string' && message !== '' ? message : fallback;
  const more = typeof details === 'string' ? `: ${details}` : '';
  const held = lockedBy.length === 0 ? '' : ` (${lockedBy.join(', ')})`;
  return new ServerError(status, `${text}${more}${held}`, found);
};

const parsedObject = (body: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
};

const detailsOf = (given: unknown): ErrorDetail[] => {
  if (typeof given === 'string') return [{ path: '/', message: given }];
  if (typeof given !== 'object' || given === null) return [];
  const { path, instance, message, errors, nearest, level } = given as Readonly<Record<string, unknown>>;
  if (level === 'warning') return [];
  const place = typeof path === 'string' ? path : pointerOf(instance);
  if (Array.isArray(errors)) return errors.map((error) => ({ path: place, message: String(error) }));
  if (typeof message !== 'string') return [];
  const meant = typeof nearest === 'string' ? ` (did you mean ${nearest}?)` : '';
  return [{ path: place, message: `${message}${meant}` }];
};

const pointerOf = (instance: unknown): string => {
  const { pointer } = (instance ?? {}) as { pointer?: unknown };
  return typeof pointer === 'string' && pointer !== '' ? pointer : '/';
};

const idOf = (deployment: unknown): string[] => {
  const { id } = (deployment ?? {}) as { id?: unknown };
  return typeof id === 'string' ? [id] : [];
};
