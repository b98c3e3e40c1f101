import type { IncomingMessage } from 'node:http';
import { readBody } from '../../http/body.ts';
import { HttpError } from '../../http/http-error.ts';
import type { Codec } from '../../mesos/codec/codec.ts';
import { DecodeError } from '../../mesos/codec/decode-json.ts';
import { codecForAnswer, codecOfBody, lastHeaderLine } from '../../mesos/codec/negotiation.ts';

/** How the executor API reads calls and chooses the encoding of events (mesos.md 2.1), and what both APIs share. */

/** Reads the message of the given full name. Throws HttpError 400 or 415 in Mesos' words. */
export const readCall = async <Call>(request: IncomingMessage, name: string): Promise<Call> => {
  const codec = codecOfBody(contentTypeOf(request));
  if (codec === undefined) {
    throw new HttpError(415, "Expecting 'Content-Type' of application/json or application/x-protobuf");
  }
  return decodeMessage<Call>(codec, name, await readBody(request));
};

/** The encoding that the caller wants events in. Throws HttpError 406 when there is none. */
export const chooseEventCodec = (request: IncomingMessage): Codec => {
  const codec = codecForAnswer(lastHeaderLine(request.rawHeaders, 'accept'));
  if (codec === undefined) {
    throw new HttpError(406, "Expecting 'Accept' to allow application/json or application/x-protobuf");
  }
  return codec;
};

export const contentTypeOf = ({ headers }: IncomingMessage): string => {
  const type = headers['content-type'];
  if (type === undefined) throw new HttpError(400, "Expecting 'Content-Type' to be present");
  return type;
};

/** Reads a message, or throws HttpError 400 with what is wrong about it. */
export const decodeMessage = <Message>(codec: Codec, name: string, bytes: Uint8Array): Message => {
  try {
    return codec.decode<Message>(name, bytes);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new HttpError(400, error.message);
  }
};
