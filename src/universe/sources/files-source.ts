import { readFile, stat } from 'node:fs/promises';
import type { LoadedRepository, RepositorySource } from './loaded-repository.ts';
import { readBuiltRepository } from './read-built-repository.ts';
import { readFolderTree } from './read-file-tree.ts';
import { readRevisions } from './read-revisions.ts';
import { RepositoryError } from './repository-error.ts';

const LARGEST_BUILT_BYTES = 256 * 1024 * 1024;

/** A repository on this machine: a folder repository, or the file of a built one. Its files are watched by their times. */
export const filesSource = (path: string): RepositorySource => ({
  load: async (previous) => {
    const stats = await stat(path).catch((error: unknown) => {
      throw new RepositoryError(
        'unreachable',
        `${path} cannot be read: ${error instanceof Error ? error.message : error}`,
        {
          cause: error,
        },
      );
    });
    return stats.isDirectory() ? loadFolder(path, previous) : loadBuilt(path, stats, previous);
  },
});

const loadFolder = async (folder: string, previous?: LoadedRepository): Promise<LoadedRepository> => {
  const tree = await readFolderTree(folder);
  if (previous?.signature === tree.signature) return previous;
  return { ...(await readRevisions(tree)), signature: tree.signature };
};

const loadBuilt = async (
  file: string,
  { size, mtimeMs, ino }: { size: number; mtimeMs: number; ino: number },
  previous?: LoadedRepository,
): Promise<LoadedRepository> => {
  const signature = `${size} ${mtimeMs} ${ino}`;
  if (previous?.signature === signature) return previous;
  if (!file.endsWith('.json'))
    throw new RepositoryError('bad-content', `${file} is neither a folder nor a .json file`);
  if (size > LARGEST_BUILT_BYTES)
    throw new RepositoryError('bad-content', `${file} is larger than ${LARGEST_BUILT_BYTES} bytes`);
  return { ...(await readBuiltRepository(await readFile(file, 'utf8'))), signature };
};
