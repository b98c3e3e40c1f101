import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  futimesSync,
  lstatSync,
  openSync,
  write,
  writeFileSync,
} from 'node:fs';
import { chmod, lchown, link, lutimes, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ReadEntry } from 'tar';
import { ImageError, quoteStranger } from '../../registry/image-error.ts';
import type { ImageLimits } from '../../registry/image-limits.ts';
import { folderInRoot, partsOf } from './layer-path.ts';
import { makeFifo } from './make-fifo.ts';

/** What a layer does to those below it, besides adding files; paths are relative to the root, without a slash ahead. */
export interface LayerChanges {
  /** Removed: a file, or a folder with all that is in it. */
  readonly whiteouts: readonly string[];
  /** Folders of which nothing is seen any more but what this layer puts there; '' is the root. */
  readonly opaques: readonly string[];
  readonly bytes: number;
  /** Device nodes, which nobody needs: every container gets a /dev of its own. */
  readonly skipped: number;
}

const WHITEOUT = '.wh.';
const OPAQUE = '.wh..wh..opq';
/** Notes of another file system of old, of no use to anybody else. */
const FOREIGN = '.wh..wh.';
/** Larger files are written beside everything else. */
const SMALL_BYTES = 256 * 1024;
const isRoot = process.getuid?.() === 0;
const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;

/**
 * Writes the entries of one layer's archive below a root folder, which is its alone. Nothing lands outside, whatever the
 * archive says. Owners are kept when the agent is root; folders get their modes and times at the end, as one that must
 * not be written to is still to be filled.
 */
export class LayerWriter {
  readonly #root: string;
  readonly #limits: ImageLimits;
  readonly #whiteouts = new Set<string>();
  readonly #opaques = new Set<string>();
  readonly #folders = new Map<string, { mode: number; mtime: Date | undefined }>();
  /** Where a folder of the archive really is; most entries follow one of the same folder. */
  #lastParent: { name: string; path: string } | undefined;
  #entries = 0;
  #bytes = 0;
  #skipped = 0;

  constructor(root: string, limits: ImageLimits) {
    this.#root = root;
    this.#limits = limits;
  }

  async write(entry: ReadEntry): Promise<void> {
    try {
      this.#entries++;
      if (this.#entries > this.#limits.layerEntries) {
        throw new ImageError(`A layer has more than ${this.#limits.layerEntries} entries`);
      }
      await this.#place(entry, partsOf(entry.path, this.#limits.depth));
    } finally {
      entry.resume();
    }
  }

  async finish(): Promise<LayerChanges> {
    for (const [path, { mode, mtime }] of [...this.#folders].reverse()) {
      await chmod(path, mode);
      if (mtime) await lutimes(path, mtime, mtime);
    }
    return {
      whiteouts: [...this.#whiteouts],
      opaques: [...this.#opaques],
      bytes: this.#bytes,
      skipped: this.#skipped,
    };
  }

  async #place(entry: ReadEntry, parts: readonly string[]): Promise<void> {
    const name = parts.at(-1);
    if (name === undefined) {
      if (entry.type === 'Directory') await this.#keepFolder(entry, this.#root);
      return;
    }
    const parents = parts.slice(0, -1);
    if (name.startsWith(WHITEOUT)) {
      this.#noteRemoval(name, parents);
      return;
    }
    const parent = await this.#parent(parents);
    const path = join(parent, name);
    await this.#makeRoom(path, entry.type === 'Directory');
    switch (entry.type) {
      case 'Directory':
        await folderInRoot(parent, [name]);
        await this.#keepFolder(entry, path);
        break;
      case 'File':
      case 'OldFile':
      case 'ContiguousFile':
        await this.#writeFile(entry, path);
        break;
      case 'SymbolicLink':
        await symlink(checkedTarget(entry.linkpath), path);
        if (isRoot) await lchown(path, entry.uid ?? 0, entry.gid ?? 0);
        break;
      case 'Link':
        await this.#hardLink(entry, path);
        break;
      case 'FIFO':
        await makeFifo(path);
        await this.#keep(entry, path);
        break;
      default:
        this.#skipped++;
    }
  }

  #noteRemoval(name: string, parents: readonly string[]): void {
    if (name === OPAQUE) this.#opaques.add(parents.join('/'));
    else if (!name.startsWith(FOREIGN)) {
      const removed = name.slice(WHITEOUT.length);
      if (removed === '' || removed === '.' || removed === '..') {
        throw new ImageError(
          `A layer removes something without a name in ${quoteStranger(parents.join('/'))}`,
        );
      }
      this.#whiteouts.add([...parents, removed].join('/'));
    }
  }

  async #parent(parts: readonly string[]): Promise<string> {
    const name = parts.join('/');
    if (this.#lastParent?.name === name) return this.#lastParent.path;
    const path = await folderInRoot(this.#root, parts);
    this.#lastParent = { name, path };
    return path;
  }

  /** A later entry replaces an earlier one of the same name; folders are filled on. */
  async #makeRoom(path: string, isFolder: boolean): Promise<void> {
    const existing = lstatSync(path, { throwIfNoEntry: false });
    if (!existing || (isFolder && existing.isDirectory())) return;
    await rm(path, { recursive: true, force: true });
    this.#lastParent = undefined;
    if (!existing.isDirectory()) return;
    for (const known of this.#folders.keys()) {
      if (known === path || known.startsWith(`${path}/`)) this.#folders.delete(known);
    }
  }

  /** The calls of a small file take microseconds each: to wait for each of them in turn takes ten times as long. */
  async #writeFile(entry: ReadEntry, path: string): Promise<void> {
    const file = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    try {
      for await (const chunk of entry as AsyncIterable<Buffer>) {
        this.#bytes += chunk.length;
        if (entry.size <= SMALL_BYTES) writeFileSync(file, chunk);
        else await writeAll(file, chunk);
      }
      if (isRoot) fchownSync(file, entry.uid ?? 0, entry.gid ?? 0);
      fchmodSync(file, modeOf(entry, 0o644));
      if (entry.mtime) futimesSync(file, entry.mtime, entry.mtime);
    } finally {
      closeSync(file);
    }
  }

  async #hardLink(entry: ReadEntry, path: string): Promise<void> {
    const parts = partsOf(checkedTarget(entry.linkpath), this.#limits.depth);
    const parent = await folderInRoot(this.#root, parts.slice(0, -1));
    try {
      await link(join(parent, parts.at(-1) ?? ''), path);
    } catch (error) {
      throw new ImageError(
        `A layer has a link to something that is not in it: ${quoteStranger(parts.join('/'))}`,
        {
          cause: error,
        },
      );
    }
  }

  async #keepFolder(entry: ReadEntry, path: string): Promise<void> {
    if (isRoot) await lchown(path, entry.uid ?? 0, entry.gid ?? 0);
    // Latest last, so that what lies deeper is finished first.
    this.#folders.delete(path);
    this.#folders.set(path, { mode: modeOf(entry, 0o755), mtime: entry.mtime });
  }

  async #keep(entry: ReadEntry, path: string): Promise<void> {
    if (isRoot) await lchown(path, entry.uid ?? 0, entry.gid ?? 0);
    await chmod(path, modeOf(entry, 0o644));
  }
}

const writeSome = promisify(write);

const writeAll = async (file: number, chunk: Buffer): Promise<void> => {
  for (let done = 0; done < chunk.length; ) {
    const { bytesWritten } = await writeSome(file, chunk, done, chunk.length - done);
    done += bytesWritten;
  }
};

const modeOf = ({ mode }: ReadEntry, usual: number): number => (mode ?? usual) & 0o7777;

const checkedTarget = (target: string | undefined): string => {
  if (target === undefined || target === '' || target.includes('\0')) {
    throw new ImageError('A layer has a link without a target');
  }
  return target;
};
