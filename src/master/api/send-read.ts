import { HttpError } from '../../http/http-error.ts';
import { type LongBody, wrapped } from '../../http/long-body.ts';
import type { Exchange } from '../../http/router.ts';
import { sendCompressible } from '../../http/send-compressible.ts';
import { sendLong } from '../../http/send-long.ts';

/** What may be the name of a function: anything else would let a link run a script of its own. */
const FUNCTION_NAME = /^[\w$.]{1,128}$/;

/** Answers a v0 read: JSON, or with `?jsonp=name` a script that calls the function with it (mesos.md 3.9). */
export const sendRead = async ({ response, query }: Exchange, value: unknown): Promise<void> => {
  const json = JSON.stringify(value);
  const name = functionName(query);
  if (name === undefined) await sendCompressible(response, 200, json, JSON_HEADERS);
  else await sendCompressible(response, 200, `${name}(${json});`, SCRIPT_HEADERS);
};

/** The same for one that was written already. */
export const sendLongRead = async (
  { response, query }: Exchange,
  body: LongBody,
  signal: AbortSignal,
): Promise<void> => {
  const name = functionName(query);
  if (name === undefined) await sendLong(response, 200, body, { headers: JSON_HEADERS, signal });
  else await sendLong(response, 200, wrapped(`${name}(`, body, ');'), { headers: SCRIPT_HEADERS, signal });
};

const JSON_HEADERS = { 'Content-Type': 'application/json' };
const SCRIPT_HEADERS = { 'Content-Type': 'text/javascript' };

/** Throws HttpError 400 for what is no name. */
export const functionName = (query: URLSearchParams): string | undefined => {
  const name = query.get('jsonp') ?? undefined;
  if (name !== undefined && !FUNCTION_NAME.test(name)) {
    throw new HttpError(400, "The value of 'jsonp' is not the name of a function");
  }
  return name;
};
