import type { IncomingMessage } from 'node:http';
import { HttpError } from '../../http/http-error.ts';
import { jsonCodec } from '../../mesos/codec/codec.ts';
import { DecodeError } from '../../mesos/codec/decode-json.ts';
import { codecForAnswer } from '../../mesos/codec/negotiation.ts';

/** How the v1 APIs of the agent read and write messages: the place for further encodings. */

export const JSON_TYPE = jsonCodec.mediaType;

/** Refuses a body that this agent cannot read. */
export const requireJson = ({ headers }: IncomingMessage): void => {
  const type = headers['content-type'];
  if (type === undefined) throw new HttpError(400, "Expecting 'Content-Type' to be present");
  if (type !== JSON_TYPE) {
    throw new HttpError(
      415,
      "Expecting 'Content-Type' of application/json or application/x-protobuf or application/recordio",
    );
  }
};

/** Whether the caller can read JSON; one that says nothing can. */
export const acceptsJson = ({ headers }: IncomingMessage): boolean =>
  codecForAnswer(headers.accept) !== undefined;

/** Reads a message from a body, or throws HttpError 400 with what is wrong about it. */
export const decodeCall = <Message>(name: string, body: Buffer): Message => {
  try {
    return jsonCodec.decode<Message>(name, body);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new HttpError(400, error.message);
  }
};

export const encodeMessage = (message: object): string => JSON.stringify(message);
