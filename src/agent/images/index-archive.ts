import { open } from 'node:fs/promises';
import { posix } from 'node:path';
import { Header } from 'tar';
import { ImageError } from '../../registry/image-error.ts';

export interface ArchiveEntry {
  /** Where its contents begin in the archive. */
  readonly start: number;
  readonly size: number;
}

const BLOCK = 512;
const MAX_ENTRIES = 10_000;
const MAX_LINKS = 10;

/**
 * Finds where each file of a tar archive lies, from the headers alone: an archive of images has few files, and large ones.
 * Links between them, which older programs write for layers that images share, are resolved.
 */
export const indexArchive = async (path: string): Promise<ReadonlyMap<string, ArchiveEntry>> => {
  const files = new Map<string, ArchiveEntry>();
  const links = new Map<string, string>();
  const file = await open(path, 'r');
  try {
    for (let position = 0, count = 0; ; count++) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(BLOCK), 0, BLOCK, position);
      if (bytesRead < BLOCK) break;
      const header = new Header(buffer);
      if (header.nullBlock) break;
      if (!header.cksumValid || header.path === undefined) {
        throw new ImageError(`${path} is neither a tar archive nor a folder of an image`);
      }
      if (count > MAX_ENTRIES) throw new ImageError(`${path} has more than ${MAX_ENTRIES} files`);
      const name = posix.normalize(header.path);
      const size = header.size ?? 0;
      if (header.type === 'File' || header.type === 'OldFile') {
        files.set(name, { start: position + BLOCK, size });
      } else if (header.type === 'SymbolicLink' && header.linkpath !== undefined) {
        links.set(name, posix.normalize(posix.join(posix.dirname(name), header.linkpath)));
      } else if (header.type === 'Link' && header.linkpath !== undefined) {
        links.set(name, posix.normalize(header.linkpath));
      }
      position += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    }
  } finally {
    await file.close();
  }
  for (const name of links.keys()) {
    let target = name;
    for (let hops = 0; hops < MAX_LINKS && !files.has(target); hops++) target = links.get(target) ?? target;
    const entry = files.get(target);
    if (entry) files.set(name, entry);
  }
  return files;
};
