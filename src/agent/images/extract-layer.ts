import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { Parser, type ReadEntry } from 'tar';
import type { Digest } from '../../registry/digest.ts';
import { ImageError, quoteStranger } from '../../registry/image-error.ts';
import type { ImageLimits } from '../../registry/image-limits.ts';
import { decompress } from './decompress.ts';
import { type LayerChanges, LayerWriter } from './layer-writer.ts';

const HARMLESS_WARNINGS: ReadonlySet<string> = new Set(['TAR_ENTRY_INFO', 'TAR_ENTRY_UNSUPPORTED']);

/**
 * Unpacks a layer into a new folder and checks that it is the one with this digest (image-spec, layer.md). What a layer
 * removes from those below is no file, but told. Rejects with ImageError for a layer that is broken or hostile; the
 * caller removes the folder then.
 */
export const extractLayer = async (options: {
  source: Readable;
  diffId: Digest;
  folder: string;
  limits: ImageLimits;
  signal: AbortSignal;
}): Promise<LayerChanges> => {
  const { source, diffId, folder, limits, signal } = options;
  await mkdir(folder, { recursive: true, mode: 0o755 });
  const writer = new LayerWriter(folder, limits);
  const hash = createHash(diffId.algorithm);
  const entries = new EntryQueue(writer);
  let bytes = 0;
  try {
    for await (const chunk of decompress(source, signal)) {
      signal.throwIfAborted();
      bytes += chunk.length;
      if (bytes > limits.layerBytes)
        throw new ImageError(`A layer unpacks to more than ${limits.layerBytes} bytes`);
      hash.update(chunk);
      await entries.write(chunk);
    }
    await entries.end();
  } finally {
    source.destroy();
  }
  const hex = hash.digest('hex');
  if (hex !== diffId.hex) {
    throw new ImageError(`The layer ${diffId.text} has another digest: ${diffId.algorithm}:${hex}`);
  }
  return writer.finish();
};

/** Feeds a tar archive to a writer, entry by entry; the archive waits while an entry is written. */
class EntryQueue {
  readonly #parser: Parser;
  readonly #failed: Promise<never>;
  #fail: (error: unknown) => void = () => undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(writer: LayerWriter) {
    this.#failed = new Promise<never>((_resolve, reject) => {
      this.#fail = reject;
    });
    this.#failed.catch(() => undefined);
    this.#parser = new Parser({
      onReadEntry: (entry: ReadEntry) => {
        this.#last = this.#last.then(() => writer.write(entry));
        this.#last.catch(this.#fail);
      },
      onwarn: (code, message) => {
        if (HARMLESS_WARNINGS.has(code)) return;
        this.#fail(new ImageError(`A layer is not a valid archive: ${quoteStranger(String(message))}`));
      },
    });
    this.#parser.on('error', this.#fail);
  }

  async write(chunk: Buffer): Promise<void> {
    if (this.#parser.write(chunk)) return;
    await Promise.race([once(this.#parser, 'drain'), this.#failed]);
  }

  async end(): Promise<void> {
    const ended = once(this.#parser, 'end');
    this.#parser.end();
    await Promise.race([ended, this.#failed]);
    await this.#last;
    await Promise.race([this.#failed, Promise.resolve()]);
  }
}
