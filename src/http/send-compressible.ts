import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { send } from './respond.ts';

/** Shorter bodies gain nothing. */
const SMALLEST_ZIPPED_BYTES = 1024;

const zip = promisify(gzip);

/** Answers like `send`, but zipped (off the event loop) when the client asks for gzip and the body is worth it. */
export const sendCompressible = async (
  response: ServerResponse,
  status: number,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> => {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  if (bytes.length < SMALLEST_ZIPPED_BYTES || !acceptsGzip(response.req)) {
    return send(response, status, bytes, headers);
  }
  send(response, status, await zip(bytes), { ...headers, 'Content-Encoding': 'gzip' });
};

/** Whether the client asks for gzip. */
export const acceptsGzip = ({ headers }: IncomingMessage): boolean =>
  String(headers['accept-encoding'] ?? '')
    .toLowerCase()
    .split(',')
    .some((part) => {
      const [coding, ...parameters] = part.split(';').map((piece) => piece.trim());
      const isRefused = parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
      return (coding === 'gzip' || coding === '*') && !isRefused;
    });
