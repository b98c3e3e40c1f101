import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

export const DEFAULT_CACHE_BYTES = 2 * 1024 ** 3;

interface CachedFile {
  readonly path: string;
  readonly bytes: number;
  /** How many are reading it now. */
  users: number;
}

/**
 * Downloaded files, kept for the next task that asks for the same URI (mesos.md 6.3): bounded, least recently used go
 * first, files in use stay. Whoever asks while a download is under way shares it. Emptied when the agent starts.
 */
export class FileCache {
  readonly #folder: string;
  readonly #limitBytes: number;
  /** In the order of use, the most recently used last. */
  readonly #files = new Map<string, CachedFile>();
  readonly #downloads = new Map<string, { file: Promise<CachedFile>; bytes: number }>();

  constructor(folder: string, limitBytes = DEFAULT_CACHE_BYTES) {
    this.#folder = folder;
    this.#limitBytes = limitBytes;
    rmSync(folder, { recursive: true, force: true });
  }

  get limitBytes(): number {
    return this.#limitBytes;
  }

  get usedBytes(): number {
    let sum = 0;
    for (const { bytes } of this.#files.values()) sum += bytes;
    return sum;
  }

  /** Whether a file of a key may come into the cache: it is there, or there is room beside what is in use. */
  hasRoomFor(key: string, bytes: number): boolean {
    if (this.#files.has(key) || this.#downloads.has(key)) return true;
    let needed = bytes;
    for (const download of this.#downloads.values()) needed += download.bytes;
    for (const file of this.#files.values()) if (file.users > 0) needed += file.bytes;
    return needed <= this.#limitBytes;
  }

  /** Hands the file of a key to `use`, downloading it first unless it is there; it has so many bytes. */
  async with<T>(
    { key, bytes }: { key: string; bytes: number },
    download: (target: string) => Promise<void>,
    use: (path: string) => Promise<T>,
  ): Promise<T> {
    const file = await this.#get(key, bytes, download);
    file.users++;
    try {
      return await use(file.path);
    } finally {
      file.users--;
      await new Promise((resolve) => setImmediate(resolve));
      await this.#evict();
    }
  }

  async #get(key: string, bytes: number, download: (target: string) => Promise<void>): Promise<CachedFile> {
    const known = this.#files.get(key);
    if (known) {
      this.#files.delete(key);
      this.#files.set(key, known);
      return known;
    }
    const shared = this.#downloads.get(key);
    if (shared) return shared.file;
    const file = this.#download(key, download).finally(() => this.#downloads.delete(key));
    this.#downloads.set(key, { file, bytes });
    return file;
  }

  async #download(key: string, download: (target: string) => Promise<void>): Promise<CachedFile> {
    await mkdir(this.#folder, { recursive: true });
    await this.#evict();
    const path = join(this.#folder, createHash('sha256').update(key).digest('hex'));
    await download(`${path}.part`);
    await rename(`${path}.part`, path);
    const file = { path, bytes: (await stat(path)).size, users: 0 };
    this.#files.set(key, file);
    return file;
  }

  /** Makes room for what is there and what is on its way; chosen in one go, when all who were given a file hold it. */
  async #evict(): Promise<void> {
    let excess = this.usedBytes - this.#limitBytes;
    for (const { bytes } of this.#downloads.values()) excess += bytes;
    const victims: CachedFile[] = [];
    for (const [key, file] of this.#files) {
      if (excess <= 0) break;
      if (file.users > 0) continue;
      this.#files.delete(key);
      victims.push(file);
      excess -= file.bytes;
    }
    for (const { path } of victims) await rm(path, { force: true });
  }
}
