import type { Codec } from './codec.ts';
import { decodeProtobuf } from './decode-protobuf.ts';
import { encodeProtobuf } from './encode-protobuf.ts';

/** Messages in protobuf's binary form, driven by the same descriptors as JSON (why no library: README.md). */
export const protobufCodec: Codec = {
  mediaType: 'application/x-protobuf',
  // The reader has checked the fields against the description that the type was made from.
  decode: <Message>(name: string, body: Uint8Array) => decodeProtobuf(name, body) as Message,
  encode: encodeProtobuf,
};
