import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { Digest } from '../../registry/digest.ts';
import type { ImageRecord } from './image-records.ts';
import type { FoundImage } from './image-source.ts';
import type { LayerStore } from './layer-store.ts';
import type { LayerUse } from './layer-use.ts';
import type { SharedWork, Turns } from './shared-work.ts';

export interface PullParts {
  readonly store: LayerStore;
  readonly use: LayerUse;
  /** Layers that are on their way, for all images that want them. */
  readonly layers: SharedWork<void>;
  readonly turns: Turns;
  /** Notes that the image is there, while its layers are still held. */
  readonly note: (record: ImageRecord) => void;
}

/**
 * Brings all layers of an image into the store that are not there, several at a time. The image may be noted as there once
 * this resolves: whatever was written is on the disk by then.
 */
export const pullImage = async (
  key: string,
  found: FoundImage,
  parts: PullParts,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (line: string) => void },
): Promise<ImageRecord> => {
  const { store, use } = parts;
  const { diffIds, config } = found.document;
  const texts = diffIds.map(({ text }) => text);
  const holder = `pull:${randomUUID()}`;
  use.hold(holder, texts);
  try {
    const missing = [...diffIds.entries()].filter(
      ([index, { text }]) => !store.has(text) && texts.indexOf(text) === index,
    );
    if (missing.length > 0) {
      onProgress(`Pulling ${missing.length} of ${diffIds.length} layers of ${key}`);
      const rest = new AbortController();
      const both = AbortSignal.any([signal, rest.signal]);
      // One for each layer, which are bounded.
      setMaxListeners(0, both);
      const all = missing.map(async ([index, diffId]) => {
        await pullLayer({ index, diffId }, found, parts, both);
        onProgress(`Pulled layer ${index + 1} of ${diffIds.length}`);
      });
      try {
        await Promise.all(all);
      } catch (error) {
        // One that fails makes the others useless; what they had begun is gone before this rejects.
        rest.abort(error);
        await Promise.allSettled(all);
        throw error;
      }
      await store.flush();
    }
    const record = { key, digest: found.digest, config, diffIds: texts };
    parts.note(record);
    return record;
  } finally {
    use.release(holder);
  }
};

const pullLayer = (
  { index, diffId }: { index: number; diffId: Digest },
  found: FoundImage,
  { store, layers, turns }: PullParts,
  signal: AbortSignal,
): Promise<void> =>
  layers.run(diffId.text, signal, (shared) =>
    turns.run(async () => {
      shared.throwIfAborted();
      if (store.has(diffId.text)) return;
      const scratch = await store.stage();
      await found.withLayer(index, { scratch, signal: shared }, (source) =>
        store.add(diffId, source, shared),
      );
    }),
  );
