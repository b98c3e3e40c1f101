import { DecodeError, decodeJson } from './decode-json.ts';
import { parseJson } from './parse-json.ts';
import { withDefaults } from './with-defaults.ts';

/** How messages of the v1 APIs stand in bodies and records: the seam between encodings (mesos.md 1.1, 1.3). */
export interface Codec {
  readonly mediaType: string;
  /** Reads the message of the given full name, such as mesos.v1.scheduler.Call. Throws DecodeError. */
  decode<Message>(name: string, body: Uint8Array): Message;
  /** Writes the message of the given full name as Mesos would. */
  encode(name: string, message: object): string | Uint8Array;
}

export const jsonCodec: Codec = {
  mediaType: 'application/json',
  decode: <Message>(name: string, body: Uint8Array) => {
    const parsed = parseBody(body);
    try {
      // The reader has checked the fields against the description that the type was made from.
      return decodeJson(name, parsed) as Message;
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      throw new DecodeError(`Failed to convert JSON into Call protobuf: ${error.message}`);
    }
  },
  encode: (name, message) => {
    const shown = withDefaults(name, message);
    const text = JSON.stringify(shown);
    // JSON has no infinity, Mesos writes it as text (mesos.md 1.3); it is rare, so a second look costs nothing.
    return text.includes('"value":null') ? JSON.stringify(shown, infinityAsText) : text;
  },
};

const infinityAsText = (_key: string, value: unknown): unknown =>
  value === Number.POSITIVE_INFINITY ? 'Infinity' : value === Number.NEGATIVE_INFINITY ? '-Infinity' : value;

const parseBody = (body: Uint8Array): unknown => {
  try {
    return parseJson(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new DecodeError(`Failed to parse body into JSON: ${error.message}`);
  }
};
