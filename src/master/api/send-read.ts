import { HttpError } from '../../http/http-error.ts';
import type { Exchange } from '../../http/router.ts';
import { sendCompressible } from '../../http/send-compressible.ts';

/** What may be the name of a function: anything else would let a link run a script of its own. */
const FUNCTION_NAME = /^[\w$.]{1,128}$/;

/** Answers a v0 read: JSON, or with `?jsonp=name` a script that calls the function with it (mesos.md 3.9). */
export const sendRead = async ({ response, query }: Exchange, value: unknown): Promise<void> => {
  const json = JSON.stringify(value);
  const name = query.get('jsonp');
  if (name === null) return sendCompressible(response, 200, json, { 'Content-Type': 'application/json' });
  if (!FUNCTION_NAME.test(name))
    throw new HttpError(400, "The value of 'jsonp' is not the name of a function");
  await sendCompressible(response, 200, `${name}(${json});`, { 'Content-Type': 'text/javascript' });
};
