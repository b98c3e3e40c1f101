import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

const BYTES_PER_BLOCK = 512;

/**
 * What a folder takes on its disk, in bytes, as `du` counts: blocks, and files with several names once. Links are not
 * followed, and other file systems not entered. What goes while it is counted counts as nothing.
 */
export const diskUsage = async (folder: string): Promise<number> => {
  const top = await lstat(folder).catch(() => undefined);
  if (!top) return 0;
  const seen = new Set<number>();
  let blocks = top.blocks;
  const pending = [folder];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const names = await readdir(path).catch(() => []);
    for (const name of names) {
      const found = await lstat(join(path, name)).catch(() => undefined);
      if (!found || found.dev !== top.dev) continue;
      if (found.isDirectory()) pending.push(join(path, name));
      else if (found.nlink > 1) {
        if (seen.has(found.ino)) continue;
        seen.add(found.ino);
      }
      blocks += found.blocks;
    }
  }
  return blocks * BYTES_PER_BLOCK;
};
