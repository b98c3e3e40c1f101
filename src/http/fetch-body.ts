import { openStream } from './client.ts';

export interface FetchLimits {
  /** Until the answer begins. */
  readonly headersMs: number;
  /** Until it has ended: a server that sends a byte a second is not waited for. */
  readonly wholeMs: number;
  /** Ends it sooner. */
  readonly signal?: AbortSignal;
}

export interface FetchedBody {
  readonly status: number;
  /** Of several of one name the first. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Rejects when it takes too long. */
  readonly body: AsyncIterable<Buffer>;
  /** Ends the connection. */
  close(): void;
}

const MOST_REDIRECTS = 5;

/**
 * Gets a URL of whoever it may be, redirects followed: within limits of time, the body as it arrives. Whoever wrote the URL
 * reaches with it what anybody reaches, never what this process may.
 */
export const createFetchBody =
  ({ headersMs, wholeMs, signal }: FetchLimits) =>
  async ({
    url,
    headers,
  }: {
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
  }): Promise<FetchedBody> => {
    const limit = AbortSignal.timeout(wholeMs);
    const stream = await openStream({
      url,
      headers,
      timeoutMs: headersMs,
      maxRedirects: MOST_REDIRECTS,
      isAnonymous: true,
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    const { status, body, close } = stream;
    const plain = Object.entries(stream.headers).map(([name, value]) => [name, [value].flat()[0]]);
    return { status, headers: Object.fromEntries(plain), body, close };
  };
