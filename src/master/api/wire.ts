import type { IncomingMessage } from 'node:http';
import { readBody } from '../../http/body.ts';
import { HttpError } from '../../http/http-error.ts';
import type { Codec } from '../../mesos/codec/codec.ts';
import { DecodeError } from '../../mesos/codec/decode-json.ts';
import { codecForAnswer, codecOfBody, lastHeaderLine } from '../../mesos/codec/negotiation.ts';

/** How the master's v1 APIs read calls and choose the encoding of what they answer (mesos.md 1.1, steps 5 to 9). */

/** Reads the message of the given full name. Throws HttpError 400 or 415 in Mesos' words. */
export const readCall = async <Call>(request: IncomingMessage, name: string): Promise<Call> => {
  const type = request.headers['content-type'];
  if (type === undefined) throw new HttpError(400, "Expecting 'Content-Type' to be present");
  const codec = codecOfBody(type);
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

/** The encoding that the caller wants. Throws HttpError 406 when there is none. */
export const chooseAnswerCodec = (request: IncomingMessage): Codec => {
  const codec = codecForAnswer(lastHeaderLine(request.rawHeaders, 'accept'));
  if (codec === undefined) {
    throw new HttpError(406, "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'");
  }
  return codec;
};
