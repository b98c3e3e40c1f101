/** A change that would have been sent, had it not been asked only what would be. */
export class PlannedCall extends Error {
  readonly method: string;
  readonly url: string;
  /** As it would be sent; undefined when there is none, or when it is nobody's business. */
  readonly body: string | undefined;

  constructor({ method, url, body }: { method: string; url: string; body?: string | undefined }) {
    super(`${method} ${url} was planned only`);
    this.name = 'PlannedCall';
    this.method = method;
    this.url = url;
    this.body = body;
  }
}
