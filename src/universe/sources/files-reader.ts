import { stat } from 'node:fs/promises';
import type { ReadRepository } from './cached-source.ts';
import { readContent } from './read-content.ts';
import { readFolderTree } from './read-file-tree.ts';
import { readRevisions } from './read-revisions.ts';
import { RepositoryError } from './repository-error.ts';

/**
 * Reads a repository on this machine: a folder repository, or a file that is a built one or an archive of a folder. Its
 * files are watched by their times. What an archive needs of the disk goes to `scratchDir`.
 */
export const filesReader =
  (path: string, scratchDir: string): ReadRepository =>
  async (known) => {
    const stats = await stat(path).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new RepositoryError('unreachable', `${path} cannot be read: ${reason}`, { cause: error });
    });
    if (stats.isDirectory()) {
      const tree = await readFolderTree(path);
      const { signature } = tree;
      if (signature === known?.signature) return { type: 'unchanged' };
      return { type: 'read', ...(await readRevisions(tree)), signature };
    }
    if (!stats.isFile()) throw new RepositoryError('bad-content', `${path} is neither a folder nor a file`);
    const signature = `${stats.size} ${stats.ctimeMs} ${stats.ino}`;
    if (signature === known?.signature) return { type: 'unchanged' };
    return { type: 'read', ...(await readContent({ file: path, what: path, scratchDir })), signature };
  };
