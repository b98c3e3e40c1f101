import type { HttpStream } from '../http/client.ts';
import { ImageError } from './image-error.ts';

/** Reads the whole body of an answer that has to be small and to come soon. */
export const readBounded = async (
  stream: HttpStream,
  limitBytes: number,
  timeoutMs: number,
): Promise<Buffer> => {
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    stream.close();
  }, timeoutMs);
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of stream.body) {
      bytes += chunk.length;
      if (bytes > limitBytes) throw new ImageError(`The answer is longer than ${limitBytes} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    if (isLate) throw new Error(`The answer was not complete after ${timeoutMs / 1000} s`, { cause: error });
    throw error;
  } finally {
    clearTimeout(timer);
    stream.close();
  }
  return Buffer.concat(chunks);
};
