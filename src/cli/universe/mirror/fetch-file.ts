import { basename } from 'node:path';
import { openStream } from '../../../http/client.ts';
import type { MirrorItem } from '../../../universe/mirroring/mirror-items.ts';
import { download } from '../../../universe/sources/download.ts';
import { fetchMaven } from './fetch-maven.ts';
import { fetchNpm } from './fetch-npm.ts';

const HEADERS_LIMIT_MS = 30_000;
const STALL_LIMIT_MS = 60_000;
const MOST_REDIRECTS = 10;

export interface FetchBounds {
  /** Of one file. */
  readonly limitBytes: number;
  readonly signal: AbortSignal;
}

/** Brings what an address stands for into a new file; gives the name by which agents know it. Rejects with why not. */
export const fetchFile = async (
  { address, kind }: MirrorItem,
  target: string,
  bounds: FetchBounds,
): Promise<{ fileName: string }> => {
  if (kind === 'maven') return fetchMaven(address, target, bounds);
  if (kind === 'npm') return fetchNpm(address, target, bounds);
  const stream = await openStream({
    url: address,
    timeoutMs: HEADERS_LIMIT_MS,
    maxRedirects: MOST_REDIRECTS,
    signal: bounds.signal,
  });
  try {
    if (stream.status !== 200) throw new Error(`the server answered ${stream.status}`);
    await download(withoutStalls(stream), { file: target, limitBytes: bounds.limitBytes });
  } finally {
    stream.close();
  }
  return { fileName: basename(new URL(address).pathname) || 'index' };
};

/** A server that sends nothing for a while is not waited for. */
async function* withoutStalls(stream: {
  body: AsyncIterable<Buffer>;
  close(): void;
}): AsyncGenerator<Buffer> {
  let isStalled = false;
  const start = (): NodeJS.Timeout =>
    setTimeout(() => {
      isStalled = true;
      stream.close();
    }, STALL_LIMIT_MS);
  let timer = start();
  try {
    for await (const piece of stream.body) {
      clearTimeout(timer);
      yield piece;
      timer = start();
    }
  } catch (error) {
    if (!isStalled) throw error;
    throw new Error(`nothing came for ${STALL_LIMIT_MS / 1000} s`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
