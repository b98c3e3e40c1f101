import { createReadStream } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { HttpError } from '../http/http-error.ts';
import type { Exchange } from '../http/router.ts';

export interface FileAnswer {
  readonly file: string;
  /** Of content that never changes. */
  readonly etag: string;
  readonly contentType: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends a file, or the rest of it from a byte on, so that a download that broke can go on. Throws HttpError 404. */
export const sendFile = async (
  { request, response }: Exchange,
  { file, etag, contentType, headers = {} }: FileAnswer,
): Promise<void> => {
  const stats = await lstat(file).catch(() => undefined);
  if (!stats?.isFile()) throw new HttpError(404, 'There is no such file');
  const common = { ...headers, 'Content-Type': contentType, ETag: `"${etag}"`, 'Accept-Ranges': 'bytes' };
  if (request.headers['if-none-match']?.includes(etag)) return void response.writeHead(304, common).end();
  const start = startOf(request.headers.range, [request.headers['if-range']].flat()[0], etag);
  if (start > 0 && start >= stats.size) {
    throw new HttpError(416, 'The file ends before that', {
      headers: { 'Content-Range': `bytes */${stats.size}` },
    });
  }
  const range = start === 0 ? {} : { 'Content-Range': `bytes ${start}-${stats.size - 1}/${stats.size}` };
  response.writeHead(start === 0 ? 200 : 206, {
    ...common,
    ...range,
    'Content-Length': String(stats.size - start),
  });
  if (request.method === 'HEAD') return void response.end();
  // A client that goes away ends the pipeline; that is its own affair.
  await pipeline(createReadStream(file, { start }), response).catch(() => undefined);
};

/** Other ranges than "from here on" are answered with the whole file, which is allowed. */
const startOf = (range = '', ifRange: string | undefined, etag: string): number => {
  const [, start] = /^bytes=(\d{1,15})-$/.exec(range) ?? [];
  return start === undefined || (ifRange !== undefined && ifRange !== `"${etag}"`) ? 0 : Number(start);
};
