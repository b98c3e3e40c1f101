import { open, stat } from 'node:fs/promises';
import type { MinisignKey } from '../signing/minisign.ts';
import type { ReadRepository } from './cached-source.ts';
import {
  checkSignature,
  contentOf,
  LARGEST_SIGNATURE_BYTES,
  SIGNATURE_SUFFIX,
  unsigned,
} from './check-signature.ts';
import { readContent } from './read-content.ts';
import { readFolderTree } from './read-file-tree.ts';
import { readRevisions } from './read-revisions.ts';
import { RepositoryError } from './repository-error.ts';

export interface FilesReaderOptions {
  readonly path: string;
  readonly scratchDir: string;
  /** Who must have signed the file: the signature lies beside it. */
  readonly key?: MinisignKey | undefined;
}

/**
 * Reads a repository on this machine: a folder repository, or a file that is a built one or an archive of a folder. Its
 * files are watched by their times. What an archive needs of the disk goes to `scratchDir`.
 */
export const filesReader =
  ({ path, scratchDir, key }: FilesReaderOptions): ReadRepository =>
  async (known) => {
    const stats = await stat(path).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new RepositoryError('unreachable', `${path} cannot be read: ${reason}`, { cause: error });
    });
    if (stats.isDirectory()) {
      if (key) throw unsigned(path, 'it is a folder, and only files are signed');
      const tree = await readFolderTree(path);
      const { signature } = tree;
      if (signature === known?.signature) return { type: 'unchanged' };
      return { type: 'read', ...(await readRevisions(tree)), signature };
    }
    if (!stats.isFile()) throw new RepositoryError('bad-content', `${path} is neither a folder nor a file`);
    const signature = `${stats.size} ${stats.ctimeMs} ${stats.ino}`;
    if (signature === known?.signature) return { type: 'unchanged' };
    if (key) await checkFile(path, key);
    return { type: 'read', ...(await readContent({ file: path, what: path, scratchDir })), signature };
  };

const checkFile = async (path: string, key: MinisignKey): Promise<void> => {
  const place = `${path}${SIGNATURE_SUFFIX}`;
  const signature = await readSmall(place).catch((error: unknown) => {
    throw unsigned(path, error instanceof Error ? error.message : String(error));
  });
  await checkSignature({ content: contentOf(path), signature, key, what: path });
};

const readSmall = async (path: string): Promise<string> => {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(
      Buffer.alloc(LARGEST_SIGNATURE_BYTES),
      0,
      LARGEST_SIGNATURE_BYTES,
      0,
    );
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
};
