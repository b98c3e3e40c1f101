import { basename } from 'node:path';
import { openStream } from '../../../http/client.ts';
import { guardFlow } from '../../../registry/guard-flow.ts';
import { DEFAULT_LIMITS } from '../../../registry/image-limits.ts';
import { systemClock } from '../../../runtime/clock.ts';
import type { MirrorItem } from '../../../universe/mirroring/mirror-items.ts';
import { download } from '../../../universe/sources/download.ts';
import { fetchMaven } from './fetch-maven.ts';
import { fetchNpm } from './fetch-npm.ts';

const HEADERS_LIMIT_MS = 30_000;
const MOST_REDIRECTS = 10;

export interface FetchBounds {
  /** Of one file. */
  readonly limitBytes: number;
  readonly signal: AbortSignal;
  /** A server from which hardly anything comes for so long is not waited for. Default: 60 s. */
  readonly stallMs?: number;
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
    const limits = {
      ...DEFAULT_LIMITS,
      ...(bounds.stallMs === undefined ? {} : { stallMs: bounds.stallMs }),
    };
    const body = guardFlow(stream, { clock: systemClock, limits });
    await download(body, { file: target, limitBytes: bounds.limitBytes });
  } finally {
    stream.close();
  }
  return { fileName: basename(new URL(address).pathname) || 'index' };
};
