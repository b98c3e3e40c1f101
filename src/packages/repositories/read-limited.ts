import type { FetchedUrl } from '../../universe/sources/http-reader.ts';

/** Reads a body of at most so many bytes. */
export const readLimited = async (
  { body, close }: Pick<FetchedUrl, 'body' | 'close'>,
  limitBytes: number,
): Promise<Buffer> => {
  const pieces: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const piece of body) {
      bytes += piece.length;
      if (bytes > limitBytes) throw new Error(`what it sends is larger than ${limitBytes} bytes`);
      pieces.push(piece);
    }
  } finally {
    close();
  }
  return Buffer.concat(pieces);
};
