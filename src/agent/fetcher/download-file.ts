import { type FileHandle, open as openFile, rm } from 'node:fs/promises';
import { type HttpStream, openStream, request } from '../../http/client.ts';
import { type Clock, pause } from '../../runtime/clock.ts';
import { watchForStall } from './watch-for-stall.ts';

const MAX_REDIRECTS = 10;
const HEADERS_TIMEOUT_MS = 60_000;
/** A download that brings nothing for so long is given up (mesos.md 6.3, --fetcher_stall_timeout). */
export const DEFAULT_STALL_TIMEOUT_MS = 60_000;
/** Connections in a row that broke without bringing the download any further. */
const MAX_BROKEN = 3;
const RETRY_MS = 200;

export interface DownloadOptions {
  url: string;
  /** Path of the file to write. */
  target: string;
  clock: Clock;
  signal: AbortSignal;
  stallTimeoutMs?: number;
}

/** How far a download is, and what tells whether the rest is of the same file. */
interface Progress {
  bytes: number;
  /** The furthest that any connection came. */
  furthest: number;
  validator: string | undefined;
}

/**
 * Downloads a file. A connection that breaks is taken up where it broke, when the server can tell that the file is still
 * the same, else from the start; a few times. On any failure nothing is left of the file.
 */
export const downloadFile = async (options: DownloadOptions): Promise<void> => {
  const { target, clock, signal } = options;
  const progress: Progress = { bytes: 0, furthest: 0, validator: undefined };
  try {
    for (let broken = 0; ; ) {
      const before = progress.furthest;
      const stream = await open(options, progress);
      const problem = await receive(stream, options, progress);
      if (problem === undefined) return;
      signal.throwIfAborted();
      broken = progress.furthest > before ? 1 : broken + 1;
      if (broken >= MAX_BROKEN) throw problem;
      await pause(clock, RETRY_MS * 2 ** broken);
    }
  } catch (error) {
    await rm(target, { force: true });
    throw error;
  }
};

/** How many bytes a file has, when its server says so. */
export const contentLength = async (url: string, signal: AbortSignal): Promise<number | undefined> => {
  try {
    const { status, headers } = await request({
      method: 'HEAD',
      url,
      signal,
      timeoutMs: HEADERS_TIMEOUT_MS,
      maxRedirects: MAX_REDIRECTS,
    });
    const length = Number(headers['content-length'] ?? Number.NaN);
    return status === 200 && Number.isSafeInteger(length) ? length : undefined;
  } catch {
    return undefined;
  }
};

const open = async ({ url, signal }: DownloadOptions, progress: Progress): Promise<HttpStream> => {
  const { bytes, validator } = progress;
  const isResumed = bytes > 0 && validator !== undefined;
  const stream = await openStream({
    url,
    signal,
    timeoutMs: HEADERS_TIMEOUT_MS,
    maxRedirects: MAX_REDIRECTS,
    ...(isResumed ? { headers: { Range: `bytes=${bytes}-`, 'If-Range': validator } } : {}),
  });
  const { status, headers } = stream;
  if (isResumed && status === 206 && (headers['content-range'] ?? '').startsWith(`bytes ${bytes}-`)) {
    return stream;
  }
  progress.bytes = 0;
  if (status !== 200) {
    stream.close();
    throw new Error(`the server answered ${status}`);
  }
  progress.validator = validatorIn(headers);
  return stream;
};

/** A weak tag may stand for other bytes. */
const validatorIn = ({ etag, 'last-modified': modified }: HttpStream['headers']): string | undefined =>
  etag?.startsWith('"') ? etag : modified;

/** Gives what broke the connection; undefined when all has come. */
const receive = async (
  stream: HttpStream,
  { target, clock, stallTimeoutMs = DEFAULT_STALL_TIMEOUT_MS }: DownloadOptions,
  progress: Progress,
): Promise<unknown> => {
  const expected = progress.bytes + Number(stream.headers['content-length'] ?? Number.NaN);
  const watch = watchForStall({ clock, stallTimeoutMs, onStall: () => stream.close() });
  const file = await openFile(target, progress.bytes === 0 ? 'w' : 'r+');
  try {
    for await (const chunk of stream.body) {
      watch.sawBytes();
      await writeAt(file, chunk, progress.bytes);
      progress.bytes += chunk.length;
      progress.furthest = Math.max(progress.furthest, progress.bytes);
    }
  } catch (error) {
    return watch.isStalled()
      ? new Error(`nothing arrived for ${stallTimeoutMs / 1000} s`, { cause: error })
      : error;
  } finally {
    watch.stop();
    stream.close();
    await file.close();
  }
  if (Number.isNaN(expected) || progress.bytes === expected) return undefined;
  return new Error(`the download ended after ${progress.bytes} of ${expected} bytes`);
};

const writeAt = async (file: FileHandle, chunk: Buffer, position: number): Promise<void> => {
  for (let done = 0; done < chunk.length; ) {
    const { bytesWritten } = await file.write(chunk, done, chunk.length - done, position + done);
    done += bytesWritten;
  }
};
