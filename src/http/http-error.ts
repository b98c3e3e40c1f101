/**
 * An answer other than success, thrown by a handler. The API's error renderer turns it into the shape that its clients
 * expect; `body` is for renderers that need more than the message.
 */
export class HttpError extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;

  constructor(
    status: number,
    message: string,
    options: { headers?: Record<string, string>; body?: unknown; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'HttpError';
    this.status = status;
    this.headers = options.headers ?? {};
    this.body = options.body;
  }
}
