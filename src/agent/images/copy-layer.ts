import {
  chmodSync,
  constants,
  copyFileSync,
  lchownSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readlinkSync,
  type Stats,
  symlinkSync,
} from 'node:fs';
import { copyFile, lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredLayer } from './layer-store.ts';
import { makeFifo } from './make-fifo.ts';
import { realPath } from './real-path.ts';
import { removeTree } from './remove-tree.ts';

/** Larger files are copied beside everything else. */
const SMALL_BYTES = 256 * 1024;
const isRoot = process.getuid?.() === 0;

/**
 * Puts a layer on top of what is in a folder already: first what it removes, then what it brings. Files are copied,
 * sharing their blocks where the file system can: a hard link would let one container change the files of all.
 */
export const copyLayer = async (layer: StoredLayer, target: string, signal: AbortSignal): Promise<void> => {
  for (const path of layer.changes.opaques) {
    const folder = await realPath(
      target,
      path.split('/').filter((part) => part !== ''),
    );
    if (folder === undefined || !(await lstat(folder)).isDirectory()) continue;
    for (const name of await readdir(folder)) await removeTree(join(folder, name));
  }
  for (const path of layer.changes.whiteouts) {
    const removed = await realPath(target, path.split('/'));
    if (removed !== undefined) await removeTree(removed);
  }
  await copyFolder(layer.folder, target, { links: new Map(), signal });
};

interface Copying {
  /** First copies of files that have several names, by their number on the disk. */
  readonly links: Map<number, string>;
  readonly signal: AbortSignal;
}

const copyFolder = async (source: string, target: string, copying: Copying): Promise<void> => {
  copying.signal.throwIfAborted();
  for (const entry of await readdir(source, { withFileTypes: true })) {
    const from = join(source, entry.name);
    const to = join(target, entry.name);
    const existing = lstatSync(to, { throwIfNoEntry: false });
    if (existing && !(entry.isDirectory() && existing.isDirectory())) await removeTree(to);
    if (entry.isDirectory()) {
      if (existing?.isDirectory()) chmodSync(to, 0o700);
      else mkdirSync(to, { mode: 0o700 });
      await copyFolder(from, to, copying);
      continue;
    }
    const found = lstatSync(from);
    if (found.isSymbolicLink()) symlinkSync(readlinkSync(from), to);
    else if (found.isFile()) await copyOne(from, to, found, copying);
    else if (found.isFIFO()) await makeFifo(to);
    else continue;
    copyAttributes(found, to);
  }
  copyAttributes(lstatSync(source), target);
};

/** Small ones at once: their calls take microseconds each, and waiting for them ten times as long. */
const copyOne = async (from: string, to: string, found: Stats, { links }: Copying): Promise<void> => {
  const { ino, nlink, size } = found;
  const first = links.get(ino);
  if (first !== undefined) {
    linkSync(first, to);
    return;
  }
  if (size <= SMALL_BYTES) copyFileSync(from, to, constants.COPYFILE_FICLONE);
  else await copyFile(from, to, constants.COPYFILE_FICLONE);
  if (nlink > 1) links.set(ino, to);
};

const copyAttributes = (found: Stats, to: string): void => {
  if (isRoot) lchownSync(to, found.uid, found.gid);
  if (!found.isSymbolicLink()) chmodSync(to, found.mode & 0o7777);
  lutimesSync(to, found.atime, found.mtime);
};
