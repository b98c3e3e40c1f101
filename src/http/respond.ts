import type { ServerResponse } from 'node:http';
import { limitStall } from './connection-limits.ts';

type Headers = Readonly<Record<string, string>>;

/** Answers with JSON. */
export const sendJson = (
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Headers = {},
): void => send(response, status, JSON.stringify(value), { 'Content-Type': 'application/json', ...headers });

/** Answers with plain text. */
export const sendText = (
  response: ServerResponse,
  status: number,
  text: string,
  headers: Headers = {},
): void => send(response, status, text, { 'Content-Type': 'text/plain; charset=utf-8', ...headers });

/** Answers with whatever it is given; the body is left out for HEAD, its length is told. */
export const send = (
  response: ServerResponse,
  status: number,
  body: string | Uint8Array = '',
  headers: Headers = {},
): void => {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  response.writeHead(status, { ...headers, 'Content-Length': String(bytes.length) });
  response.end(response.req.method === 'HEAD' ? undefined : bytes);
  // What fits into the system's buffers is gone by now.
  if (response.writableLength > 0) limitStall(response);
};
