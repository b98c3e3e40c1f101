import { chmod, lstat, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { lookAt } from './place.ts';

const OWNER_WRITES = 0o200;

/**
 * Moves everything from one folder into another one of the same file system. Folders are put together, files are replaced;
 * nothing goes through a link. Throws, for people, where a folder and something else have the same name.
 */
export const mergeFolder = async (from: string, to: string): Promise<void> => {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    const there = await lookAt(target);
    if (entry.isDirectory() && there?.isDirectory()) {
      await mergeFolder(source, target);
      continue;
    }
    if (there && entry.isDirectory() !== there.isDirectory()) {
      throw new Error(`it has ${entry.name} as a ${kind(entry)} where there is a ${kind(there)} already`);
    }
    await move(source, target);
  }
};

const kind = (entry: { isDirectory(): boolean; isSymbolicLink(): boolean }): string =>
  entry.isDirectory() ? 'folder' : entry.isSymbolicLink() ? 'link' : 'file';

/** A folder that nobody may write to cannot be moved, but by root. */
const move = async (source: string, target: string): Promise<void> => {
  const found = await lstat(source);
  const isLocked = found.isDirectory() && (found.mode & OWNER_WRITES) === 0;
  if (isLocked) await chmod(source, found.mode | OWNER_WRITES);
  await rename(source, target);
  if (isLocked) await chmod(target, found.mode);
};

/** Throws when a file below the folder has a name elsewhere, too: whoever gets the folder would get that file. */
export const refuseForeignNames = async (folder: string): Promise<void> => {
  const names = new Map<string, { path: string; missing: number }>();
  const look = async (place: string): Promise<void> => {
    for (const entry of await readdir(place, { withFileTypes: true })) {
      const path = join(place, entry.name);
      if (entry.isDirectory()) await look(path);
      if (!entry.isFile()) continue;
      const { nlink, dev, ino } = await lstat(path);
      if (nlink === 1) continue;
      const key = `${dev} ${ino}`;
      names.set(key, { path, missing: (names.get(key)?.missing ?? nlink) - 1 });
    }
  };
  await look(folder);
  const foreign = [...names.values()].find(({ missing }) => missing > 0);
  if (foreign) {
    throw new Error(
      `it has a hard link to a file that is not in it: ${foreign.path.slice(folder.length + 1)}`,
    );
  }
};
