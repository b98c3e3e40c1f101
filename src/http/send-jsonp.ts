import { HttpError } from './http-error.ts';
import type { Exchange } from './router.ts';
import { sendCompressible } from './send-compressible.ts';

/** What may be the name of a function: anything else would let a link run a script of its own. */
const FUNCTION_NAME = /^[\w$.]{1,128}$/;

/** Answers with JSON, or where the query has `jsonp=name` with a script that calls the function with it. */
export const sendJsonp = async ({ response, query }: Exchange, value: unknown): Promise<void> => {
  const json = JSON.stringify(value);
  const name = functionName(query);
  if (name === undefined) await sendCompressible(response, 200, json, JSON_HEADERS);
  else await sendCompressible(response, 200, `${name}(${json});`, SCRIPT_HEADERS);
};

export const JSON_HEADERS = { 'Content-Type': 'application/json' };
export const SCRIPT_HEADERS = { 'Content-Type': 'text/javascript' };

/** Throws HttpError 400 for what is no name. */
export const functionName = (query: URLSearchParams): string | undefined => {
  const name = query.get('jsonp') ?? undefined;
  if (name !== undefined && !FUNCTION_NAME.test(name)) {
    throw new HttpError(400, "The value of 'jsonp' is not the name of a function");
  }
  return name;
};
