import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { digestOf, parseDigest } from '../../registry/digest.ts';
import { isRecord } from '../../registry/manifest.ts';
import type { ImageConfig } from '../isolators/preparation-parts.ts';

/** An image whose layers are all stored. */
export interface ImageRecord {
  /** Its name, the same for all ways to write it. */
  readonly key: string;
  /** Of its manifest. */
  readonly digest: string;
  readonly config: ImageConfig;
  /** The lowest first. */
  readonly diffIds: readonly string[];
}

interface Kept {
  readonly record: ImageRecord;
  usedMs: number;
}

/** How exactly the time of the last use is known. */
const NOTED_EVERY_MS = 60_000;

/**
 * Which images there are: a file each in `images/`, read once. When an image was used last is the time of its file. A
 * file that cannot be read is no image; its layers are then nobody's.
 */
export class ImageRecords {
  readonly #folder: string;
  readonly #kept = new Map<string, Kept>();

  constructor(folder: string) {
    this.#folder = join(folder, 'images');
    for (const name of listFolder(this.#folder)) {
      const path = join(this.#folder, name);
      const record = readRecord(path);
      if (record && this.#fileOf(record.key) === path) {
        this.#kept.set(record.key, { record, usedMs: statSync(path).mtimeMs });
      } else rmSync(path, { force: true });
    }
  }

  get(key: string): ImageRecord | undefined {
    return this.#kept.get(key)?.record;
  }

  /** The longest unused first. */
  list(): { readonly record: ImageRecord; readonly usedMs: number }[] {
    return [...this.#kept.values()].sort((a, b) => a.usedMs - b.usedMs);
  }

  put(record: ImageRecord, nowMs: number): void {
    mkdirSync(this.#folder, { recursive: true });
    const path = this.#fileOf(record.key);
    writeFileSync(`${path}.new`, JSON.stringify(record), { flush: true });
    renameSync(`${path}.new`, path);
    this.#kept.set(record.key, { record, usedMs: nowMs });
  }

  touch(key: string, nowMs: number): void {
    const kept = this.#kept.get(key);
    if (!kept || nowMs - kept.usedMs < NOTED_EVERY_MS) return;
    kept.usedMs = nowMs;
    utimesSync(this.#fileOf(key), nowMs / 1000, nowMs / 1000);
  }

  remove(key: string): void {
    rmSync(this.#fileOf(key), { force: true });
    this.#kept.delete(key);
  }

  #fileOf(key: string): string {
    return join(this.#folder, digestOf(key).hex);
  }
}

const readRecord = (path: string): ImageRecord | undefined => {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (!isRecord(value) || !Array.isArray(value.diffIds) || !isRecord(value.config)) return undefined;
    return value.diffIds.every((diffId) => parseDigest(diffId))
      ? (value as unknown as ImageRecord)
      : undefined;
  } catch {
    return undefined;
  }
};

const listFolder = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};
