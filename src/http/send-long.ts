import type { ServerResponse } from 'node:http';
import { CHUNK_BYTES, type LongBody, zipped } from './long-body.ts';
import { acceptsGzip, sendCompressible } from './send-compressible.ts';

/** A reader that takes nothing for this long is cut off. */
const STALL_MS = 60_000;
/** After so much, others come first, however fast this reader is. */
const BURST_BYTES = 512 * 1024;

/**
 * Answers like `sendCompressible`, piece by piece as the reader takes them. Resolves when all was handed to the system, or
 * nobody reads any more, and the body can be recycled; when the signal fires, the connection is cut.
 */
export const sendLong = async (
  response: ServerResponse,
  status: number,
  body: LongBody,
  { headers = {}, signal }: { headers?: Readonly<Record<string, string>>; signal?: AbortSignal } = {},
): Promise<void> => {
  if (body.length <= CHUNK_BYTES) {
    return sendCompressible(response, status, Buffer.concat(body.chunks, body.length), headers);
  }
  const isZipped = acceptsGzip(response.req);
  const sent = isZipped ? await zipped(body) : body;
  response.writeHead(status, {
    ...headers,
    'Content-Length': String(sent.length),
    ...(isZipped ? { 'Content-Encoding': 'gzip' } : {}),
  });
  if (response.req.method !== 'HEAD') await writeChunks(response, sent.chunks, signal);
  response.end();
};

/** Writes the chunks no faster than they are read. */
export const writeChunks = async (
  response: ServerResponse,
  chunks: readonly Uint8Array[],
  signal?: AbortSignal,
): Promise<void> => {
  const cut = (): void => {
    response.destroy();
  };
  if (signal?.aborted) cut();
  signal?.addEventListener('abort', cut);
  let burst = 0;
  for (const chunk of chunks) {
    if (response.destroyed) break;
    await written(response, chunk);
    burst += chunk.length;
    if (burst < BURST_BYTES) continue;
    burst = 0;
    await new Promise((resolve) => setImmediate(resolve));
  }
  signal?.removeEventListener('abort', cut);
};

/** Resolves when the system has the chunk, or the connection is over. */
const written = (response: ServerResponse, chunk: Uint8Array): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      response.off('close', done);
      resolve();
    };
    const timer = setTimeout(() => {
      response.destroy();
      done();
    }, STALL_MS);
    response.on('close', done);
    response.write(chunk, done);
  });
