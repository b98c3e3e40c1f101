import { openStream } from '../../http/client.ts';
import type { FetchUrl } from '../../universe/sources/http-source.ts';

const MOST_REDIRECTS = 5;
const HEADERS_LIMIT_MS = 20_000;
const WHOLE_LIMIT_MS = 120_000;

/** Fetches with a limit on the size and on the time that it may take as a whole. */
export const fetchUrl: FetchUrl = async ({ url, headers, limitBytes }) => {
  const stream = await openStream({
    url,
    headers,
    timeoutMs: HEADERS_LIMIT_MS,
    maxRedirects: MOST_REDIRECTS,
    signal: AbortSignal.timeout(WHOLE_LIMIT_MS),
  });
  try {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of stream.body) {
      size += chunk.length;
      if (size > limitBytes) throw new Error(`what it sends is larger than ${limitBytes} bytes`);
      chunks.push(chunk);
    }
    const plain = Object.entries(stream.headers).map(([name, value]) => [name, [value].flat()[0]]);
    return { status: stream.status, headers: Object.fromEntries(plain), body: Buffer.concat(chunks) };
  } finally {
    stream.close();
  }
};
