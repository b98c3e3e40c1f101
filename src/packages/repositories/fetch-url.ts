import { openStream } from '../../http/client.ts';
import type { FetchUrl } from '../../universe/sources/http-reader.ts';

const MOST_REDIRECTS = 5;

export interface FetchLimits {
  /** Until the answer begins. */
  readonly headersMs: number;
  /** Until it has ended: a server that sends a byte a second is not waited for. */
  readonly wholeMs: number;
}

const USUAL_LIMITS: FetchLimits = { headersMs: 20_000, wholeMs: 120_000 };

/** Fetching within limits of time. */
export const createFetchUrl =
  ({ headersMs, wholeMs }: FetchLimits): FetchUrl =>
  async ({ url, headers }) => {
    const { status, body, close, ...stream } = await openStream({
      url,
      headers,
      timeoutMs: headersMs,
      maxRedirects: MOST_REDIRECTS,
      signal: AbortSignal.timeout(wholeMs),
    });
    const plain = Object.entries(stream.headers).map(([name, value]) => [name, [value].flat()[0]]);
    return { status, headers: Object.fromEntries(plain), body, close };
  };

export const fetchUrl = createFetchUrl(USUAL_LIMITS);
