import type { Clock, Timer } from '../runtime/clock.ts';
import type { ImageLimits } from './image-limits.ts';

/**
 * Hands a transfer on, and breaks it off when less than the least comes in a while: one byte a minute would otherwise
 * hold a place among the downloads for ever.
 */
export async function* guardFlow(
  stream: { body: AsyncIterable<Buffer>; close: () => void },
  { clock, limits }: { clock: Clock; limits: ImageLimits },
): AsyncGenerator<Buffer> {
  let bytes = 0;
  let isStalled = false;
  let timer: Timer | undefined;
  const look = (): void => {
    const before = bytes;
    timer = clock.setTimer(limits.stallMs, () => {
      if (bytes - before >= limits.stallBytes) return look();
      isStalled = true;
      stream.close();
    });
  };
  look();
  try {
    for await (const chunk of stream.body) {
      bytes += chunk.length;
      yield chunk;
    }
  } catch (error) {
    if (!isStalled) throw error;
    throw new Error(`hardly anything arrived for ${limits.stallMs / 1000} s`, { cause: error });
  } finally {
    timer?.cancel();
    stream.close();
  }
}
