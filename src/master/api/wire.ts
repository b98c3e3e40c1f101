import type { IncomingMessage } from 'node:http';
import { readBody } from '../../http/body.ts';
import { HttpError } from '../../http/http-error.ts';
import type { Codec } from '../../mesos/codec/codec.ts';
import { DecodeError } from '../../mesos/codec/decode-json.ts';
import { codecForAccept, codecForContentType } from '../../mesos/codec/negotiation.ts';

/** How the master's v1 APIs read calls and choose the encoding of their answers (mesos.md 1.1). */

/** Reads a call of the given full name, such as mesos.v1.master.Call. Throws HttpError 405, 400 or 415 in Mesos' words. */
export const readCall = async <Call>(request: IncomingMessage, name: string): Promise<Call> => {
  refuseOtherMethods(request, 'POST');
  const type = request.headers['content-type'];
  if (type === undefined) throw new HttpError(400, "Expecting 'Content-Type' to be present");
  const codec = codecForContentType(type);
  if (codec === undefined) {
    throw new HttpError(415, "Expecting 'Content-Type' of application/json or application/x-protobuf");
  }
  const body = await readBody(request);
  try {
    return codec.decode<Call>(name, body);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new HttpError(400, error.message);
  }
};

/** The codec that the caller can read. Throws HttpError 406. */
export const acceptedCodec = (request: IncomingMessage): Codec => {
  const codec = codecForAccept(lastHeader(request, 'accept'));
  if (codec !== undefined) return codec;
  throw new HttpError(406, "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'");
};

/** Throws HttpError 405 in Mesos' words. Routes that use it take every method. */
export const refuseOtherMethods = ({ method = '' }: IncomingMessage, ...allowed: readonly string[]): void => {
  if (allowed.includes(method)) return;
  const list = allowed.map((name) => `'${name}'`).join(', ');
  const message = `405 Method Not Allowed. Expecting one of { ${list} }, but received '${method}'.`;
  throw new HttpError(405, message, { headers: { Allow: allowed.join(', ') } });
};

/** Of a header that came more than once the last one counts. */
const lastHeader = ({ rawHeaders }: IncomingMessage, name: string): string | undefined => {
  let value: string | undefined;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() === name) value = rawHeaders[index + 1];
  }
  return value;
};
