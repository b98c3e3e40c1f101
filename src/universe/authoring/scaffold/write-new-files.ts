import { lstat, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RepositoryError } from '../../sources/repository-error.ts';

/**
 * Writes files into a folder that is new or empty, all or none. Throws RepositoryError `bad-content` when something is
 * there already.
 */
export const writeNewFolder = async (
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<void> => {
  await refuseOccupied(folder);
  await mkdir(dirname(folder), { recursive: true });
  const draft = await mkdtemp(`${folder}.new-`);
  try {
    for (const [name, content] of Object.entries(files)) {
      const path = join(draft, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content, { flag: 'wx' });
    }
    for (const name of await readdir(draft)) {
      await mkdir(folder, { recursive: true });
      await rename(join(draft, name), join(folder, name));
    }
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
};

/** A folder that Git has made ready is as good as an empty one. */
const refuseOccupied = async (folder: string): Promise<void> => {
  const stats = await lstat(folder).catch(() => undefined);
  if (!stats) return;
  const names = stats.isDirectory() ? await readdir(folder) : ['it'];
  if (names.every((name) => name === '.git')) return;
  throw new RepositoryError('bad-content', `${folder} is there already: nothing was written`);
};
