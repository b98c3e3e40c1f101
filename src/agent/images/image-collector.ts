import { statfs } from 'node:fs/promises';
import type { Clock } from '../../runtime/clock.ts';
import { errorMessage } from '../../runtime/error-message.ts';
import type { Log } from '../../runtime/log.ts';
import type { ImageGcConfig } from './image-gc-config.ts';
import type { ImageRecords } from './image-records.ts';
import type { LayerStore } from './layer-store.ts';
import type { LayerUse } from './layer-use.ts';

export interface CollectorParts {
  readonly folder: string;
  readonly records: ImageRecords;
  readonly store: LayerStore;
  readonly use: LayerUse;
  readonly config: ImageGcConfig;
  readonly clock: Clock;
  readonly log: Log;
  /** The share of the disk that is used. */
  readonly usage?: () => Promise<number>;
}

/**
 * Removes images that nobody has used for long, the sooner the fuller the disk is, and the longest unused first as long as
 * there is less room than the headroom (mesos.md 6.5). Images that a container stands on stay, and so do the named ones.
 */
export class ImageCollector {
  readonly #parts: CollectorParts;
  #isClosed = false;

  constructor(parts: CollectorParts) {
    this.#parts = parts;
    this.#lookAgain();
  }

  async collect(): Promise<void> {
    const { records, config, clock } = this.#parts;
    const usage = this.#parts.usage ?? (() => usedShare(this.#parts.folder));
    const longestMs = config.maxAgeMs * Math.max(0, 1 - config.headroom - (await usage()));
    for (const { record, usedMs } of records.list()) {
      const isOld = clock.now() - usedMs > longestMs;
      if (isOld || (await usage()) > 1 - config.headroom) await this.#remove(record.key, config.excluded);
    }
    await this.#removeStrays();
  }

  /** Removes all that nobody uses. */
  async prune(excluded: readonly string[]): Promise<void> {
    for (const { record } of this.#parts.records.list()) await this.#remove(record.key, excluded);
    await this.#removeStrays();
  }

  close(): void {
    this.#isClosed = true;
  }

  async #remove(key: string, excluded: readonly string[]): Promise<void> {
    const { records, store, use, log } = this.#parts;
    const record = records.get(key);
    if (!record || excluded.includes(key) || record.diffIds.every((diffId) => use.isUsed(diffId))) return;
    // All that follows up to the removal itself happens at one moment: nobody can come to need a layer in between.
    records.remove(key);
    const others = new Set(records.list().flatMap((other) => other.record.diffIds));
    const removeTaken = store.take(
      record.diffIds.filter((diffId) => !others.has(diffId) && !use.isUsed(diffId)),
    );
    log.info({ image: key }, 'removed an image');
    await removeTaken();
  }

  /** Layers of images that have become others since. */
  async #removeStrays(): Promise<void> {
    const { records, store, use } = this.#parts;
    const all = await store.list();
    const known = new Set(records.list().flatMap(({ record }) => record.diffIds));
    await store.take(all.filter((diffId) => !known.has(diffId) && !use.isUsed(diffId)))();
  }

  #lookAgain(): void {
    this.#parts.clock.setTimer(this.#parts.config.watchIntervalMs, () => {
      if (this.#isClosed) return;
      void this.collect()
        .catch((error: unknown) =>
          this.#parts.log.warn({ error: errorMessage(error) }, 'cannot remove old images'),
        )
        .finally(() => this.#lookAgain());
    });
  }
}

const usedShare = async (folder: string): Promise<number> => {
  try {
    const { blocks, bavail } = await statfs(folder);
    return blocks === 0 ? 0 : 1 - bavail / blocks;
  } catch {
    return 0;
  }
};
