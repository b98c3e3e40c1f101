import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { HttpError } from './http-error.ts';
import { DEEPEST_NESTING, isNestedTooDeep } from './json-nesting.ts';

/** The largest body that is read unless a handler says otherwise. */
export const DEFAULT_BODY_LIMIT_BYTES = 16 * 1024 * 1024;
/** A client that sends nothing for so long, or is not done after so long, is told that it is too slow. */
const LONGEST_SILENCE_MS = 30_000;
const LONGEST_BODY_MS = 600_000;

/**
 * Reads a request's whole body, unzipped when it came as gzip.
 * Throws HttpError 413 past the limit (measured after unzipping), 408 when it does not come in time, 415 for another encoding and 400 when it is cut short.
 */
export const readBody = async (
  request: IncomingMessage,
  limitBytes = DEFAULT_BODY_LIMIT_BYTES,
): Promise<Buffer> => {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > limitBytes) throw tooLarge(limitBytes);
  return collect(decoded(request), limitBytes);
};

/** Reads a body as JSON; an empty body gives undefined. Throws HttpError 400 when it does not parse or is nested too deep. */
export const readJson = async (
  request: IncomingMessage,
  limitBytes = DEFAULT_BODY_LIMIT_BYTES,
): Promise<unknown> => {
  const text = (await readBody(request, limitBytes)).toString('utf8');
  if (text.trim() === '') return undefined;
  if (isNestedTooDeep(text))
    throw new HttpError(400, `The body is nested deeper than ${DEEPEST_NESTING} levels`);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new HttpError(400, `The body is not valid JSON: ${error instanceof Error ? error.message : error}`);
  }
};

const decoded = (request: IncomingMessage): Readable => {
  const encoding = request.headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (encoding === 'identity') return request;
  if (encoding !== 'gzip')
    throw new HttpError(415, `Content-Encoding ${encoding} is not supported: send gzip or none`);
  const gunzip = createGunzip();
  request.on('error', (error) => gunzip.destroy(error));
  return request.pipe(gunzip);
};

const collect = (body: Readable, limitBytes: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const stop = (): void => {
      clearTimeout(silence);
      clearTimeout(whole);
      body.off('data', take);
      body.off('close', close);
    };
    // The body is left where it is and not destroyed: the answer goes out on the same connection.
    const fail = (error: HttpError): void => {
      stop();
      body.pause();
      reject(error);
    };
    const take = (chunk: Buffer): void => {
      silence.refresh();
      size += chunk.length;
      if (size > limitBytes) fail(tooLarge(limitBytes));
      else chunks.push(chunk);
    };
    const cut = (cause?: unknown): void =>
      fail(new HttpError(400, 'The body ended before it was complete or could not be unzipped', { cause }));
    const close = (): void => cut();
    const silence = setTimeout(() => fail(tooSlow()), LONGEST_SILENCE_MS);
    const whole = setTimeout(() => fail(tooSlow()), LONGEST_BODY_MS);
    body.on('data', take);
    body.on('error', cut);
    body.on('close', close);
    body.on('end', () => {
      stop();
      const [only] = chunks;
      resolve(only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks));
    });
  });

const tooSlow = (): HttpError =>
  new HttpError(408, 'The body did not come in time', { headers: { Connection: 'close' } });

const tooLarge = (limitBytes: number): HttpError =>
  new HttpError(413, `The body is larger than ${limitBytes} bytes`, { headers: { Connection: 'close' } });
