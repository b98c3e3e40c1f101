import { jsonCodec } from '../../src/mesos/codec/codec.ts';
import { protobufCodec } from '../../src/mesos/codec/protobuf-codec.ts';
import type { Capture, JsonObject } from './captures.ts';

/** The body of a captured request as it goes over the wire. */
export const encodeBody = ({ body, protobuf }: Capture): string | Buffer | undefined =>
  body === undefined || protobuf === undefined
    ? body
    : Buffer.from(protobufCodec.encode(protobuf.call, JSON.parse(body) as object));

/** A message that answers a captured request, in the words of JSON whatever it came in. */
export const decodeMessage = ({ protobuf }: Capture, bytes: Buffer): JsonObject => {
  if (protobuf === undefined) return JSON.parse(bytes.toString('utf8')) as JsonObject;
  const { answer } = protobuf;
  return JSON.parse(String(jsonCodec.encode(answer, protobufCodec.decode(answer, bytes)))) as JsonObject;
};
