import { type Codec, jsonCodec } from './codec.ts';

/** Which encoding a request has and which one its answer gets (mesos.md 1.1). */

/** The order in which they are tried for an answer. */
const CODECS: readonly Codec[] = [jsonCodec];

/** The codec of a body. The type is compared to the letter: parameters make it another one. */
export const codecForContentType = (contentType: string): Codec | undefined =>
  CODECS.find(({ mediaType }) => mediaType === contentType);

/** The codec for an answer: the first one that the header allows. Whoever sends none takes anything. */
export const codecForAccept = (accept: string | undefined): Codec | undefined => {
  if (accept === undefined) return CODECS[0];
  const ranges = accept.split(',').map(readRange);
  return CODECS.find(({ mediaType }) =>
    ranges.some(({ type, isRefused }) => !isRefused && isWithin(mediaType, type)),
  );
};

const readRange = (range: string): { type: string; isRefused: boolean } => {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
  return { type, isRefused: parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter)) };
};

const isWithin = (mediaType: string, range: string): boolean =>
  range === '*/*' || range === mediaType || range === `${mediaType.split('/')[0]}/*`;
