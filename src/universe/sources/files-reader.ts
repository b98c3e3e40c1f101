import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { MinisignKey } from '../signing/minisign.ts';
import type { ReadRepository } from './cached-source.ts';
import { checkSignature, LARGEST_SIGNATURE_BYTES, SIGNATURE_SUFFIX, unsigned } from './check-signature.ts';
import { download, withScratchFolder } from './download.ts';
import { LARGEST_TREE_BYTES } from './file-tree.ts';
import type { RepositoryContent } from './loaded-repository.ts';
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
    const content = key
      ? await readSigned({ path, scratchDir, key })
      : await readContent({ file: path, what: path, scratchDir });
    return { type: 'read', ...content, signature };
  };

/** What is checked and what is read is the same copy, whatever happens to the file meanwhile. */
const readSigned = ({
  path,
  scratchDir,
  key,
}: Required<FilesReaderOptions> & { key: MinisignKey }): Promise<RepositoryContent> =>
  withScratchFolder(scratchDir, async (folder) => {
    const file = join(folder, 'content');
    await download(createReadStream(path), { file, limitBytes: LARGEST_TREE_BYTES });
    const signature = await readSmall(`${path}${SIGNATURE_SUFFIX}`).catch((error: unknown) => {
      throw unsigned(path, error instanceof Error ? error.message : String(error));
    });
    await checkSignature({ content: createReadStream(file), signature, key, what: path });
    return readContent({ file, what: path, scratchDir: folder });
  });

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
