import { type LongBody, wrapped } from '../../http/long-body.ts';
import type { Exchange, Handler } from '../../http/router.ts';
import { functionName, JSON_HEADERS, SCRIPT_HEADERS, sendJsonp } from '../../http/send-jsonp.ts';
import { sendLong } from '../../http/send-long.ts';

/** Serves a v0 read: JSON, or with `?jsonp=name` a script that calls the function with it (mesos.md 3.9). */
export const answerWith =
  (read: (exchange: Exchange) => unknown): Handler =>
  async (exchange) =>
    sendJsonp(exchange, await read(exchange));

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
