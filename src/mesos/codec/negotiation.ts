import { type Codec, jsonCodec } from './codec.ts';
import { protobufCodec } from './protobuf-codec.ts';

/** In the order of preference of an answer whose reader takes several (mesos.md 1.1). */
const CODECS: readonly Codec[] = [jsonCodec, protobufCodec];

/** The codec of a body; the type is compared as it stands, without parameters, as Mesos does. */
export const codecOfBody = (contentType: string): Codec | undefined =>
  CODECS.find(({ mediaType }) => mediaType === contentType);

/** The codec for an answer; undefined when the reader takes none. One that says nothing takes everything. */
export const codecForAnswer = (accept: string | undefined): Codec | undefined =>
  CODECS.find(({ mediaType }) => accepts(accept, mediaType));

/** Whether a reader takes this type, by what it says it accepts. */
export const accepts = (accept: string | undefined, mediaType: string): boolean =>
  accept === undefined ||
  accept
    .split(',')
    .flatMap(mediaRange)
    .some((range) => range === '*/*' || range === 'application/*' || range === mediaType);

/** The range without its parameters, unless it is refused by a weight of 0. */
const mediaRange = (text: string): string[] => {
  const [range = '', ...parameters] = text.split(';').map((part) => part.trim());
  return parameters.some((parameter) => /^q=0(\.0*)?$/i.test(parameter)) ? [] : [range];
};

/** The last line of a header: of several, Mesos keeps this one. `rawHeaders` are names and values in turn. */
export const lastHeaderLine = (rawHeaders: readonly string[], name: string): string | undefined => {
  for (let index = rawHeaders.length - 2; index >= 0; index -= 2) {
    if (rawHeaders[index]?.toLowerCase() === name) return rawHeaders[index + 1];
  }
  return undefined;
};
