import { openStream } from '../../http/client.ts';
import type { FetchUrl } from '../../universe/sources/http-reader.ts';

const MOST_REDIRECTS = 5;
const HEADERS_LIMIT_MS = 20_000;
const WHOLE_LIMIT_MS = 120_000;

/** Fetches with a limit on the time until the answer begins, and on the time that it may take as a whole. */
export const fetchUrl: FetchUrl = async ({ url, headers }) => {
  const { status, body, close, ...stream } = await openStream({
    url,
    headers,
    timeoutMs: HEADERS_LIMIT_MS,
    maxRedirects: MOST_REDIRECTS,
    signal: AbortSignal.timeout(WHOLE_LIMIT_MS),
  });
  const plain = Object.entries(stream.headers).map(([name, value]) => [name, [value].flat()[0]]);
  return { status, headers: Object.fromEntries(plain), body, close };
};
