import { constants } from 'node:fs';
import { lstat, open, readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import {
  type FileTree,
  LARGEST_FILE_BYTES,
  MOST_FILES,
  PACKAGE_FOLDERS,
  type PackageProblem,
  REVISION_FILES,
  type TreeFile,
} from './file-tree.ts';
import { RepositoryError } from './repository-error.ts';

/** `C/cassandra/0/package.json`: folders are entered to this depth. */
const FILE_DEPTH = 4;

/** The tree of a folder repository on disk, and a text that changes whenever one of its files does. */
export interface FolderTree extends FileTree {
  readonly signature: string;
}

/**
 * Lists the files of a folder repository. Symbolic links are followed within the repository only; what leads out of it,
 * and what is neither file nor folder, is a problem. Throws RepositoryError when there is no packages folder.
 */
export const readFolderTree = async (folder: string): Promise<FolderTree> => {
  const packages = await findPackages(folder);
  const walk: Walk = {
    root: await realpath(folder),
    packages,
    files: new Map(),
    problems: [],
    signature: [packages],
  };
  await walkFolder(walk, packages, []);
  const { files, problems, signature } = walk;
  return { files, problems, signature: signature.join('\n') };
};

interface Walk {
  readonly root: string;
  readonly packages: string;
  readonly files: Map<string, TreeFile>;
  readonly problems: PackageProblem[];
  readonly signature: string[];
}

const findPackages = async (folder: string): Promise<string> => {
  for (const candidate of PACKAGE_FOLDERS) {
    const path = join(folder, candidate);
    const isFolder = await stat(path).then(
      (stats) => stats.isDirectory(),
      () => false,
    );
    if (isFolder) return path;
  }
  throw new RepositoryError(
    'bad-content',
    `${folder} is no repository: it has none of the folders ${PACKAGE_FOLDERS.join(', ')}`,
  );
};

const walkFolder = async (walk: Walk, folder: string, parts: readonly string[]): Promise<void> => {
  const entries = await readdir(folder);
  for (const name of entries.sort()) {
    const inner = [...parts, name];
    if (name.startsWith('.')) continue;
    if (inner.length === FILE_DEPTH && !REVISION_FILES.has(name)) continue;
    await visit(walk, join(folder, name), inner);
  }
};

const visit = async (walk: Walk, path: string, parts: readonly string[]): Promise<void> => {
  const where = parts.join('/');
  try {
    if ((await lstat(path)).isSymbolicLink() && !isWithin(walk.root, await realpath(path))) {
      walk.problems.push({ where, message: 'is a symbolic link that leads out of the repository' });
      return;
    }
    const stats = await stat(path);
    if (stats.isDirectory()) {
      if (parts.length < FILE_DEPTH) await walkFolder(walk, path, parts);
    } else if (parts.length === FILE_DEPTH) {
      if (!stats.isFile()) throw new Error('is no file');
      if (walk.files.size >= MOST_FILES)
        throw new RepositoryError('bad-content', `There are more than ${MOST_FILES} files`);
      walk.files.set(where, { sizeBytes: stats.size, read: () => readLimited(path) });
      walk.signature.push(`${where} ${stats.size} ${stats.mtimeMs} ${stats.ino}`);
    }
  } catch (error) {
    if (error instanceof RepositoryError) throw error;
    walk.problems.push({ where, message: error instanceof Error ? error.message : String(error) });
  }
};

const isWithin = (root: string, path: string): boolean => path === root || path.startsWith(root + sep);

/** Opened so that a pipe put in the file's place holds up nobody, and read so that a growing file fills no memory. */
const readLimited = async (path: string): Promise<Buffer> => {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new Error('is no file');
    const buffer = Buffer.alloc(Math.min(stats.size, LARGEST_FILE_BYTES) + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length);
      length += bytesRead;
      if (bytesRead === 0 || length === buffer.length) break;
    }
    return Buffer.from(buffer.subarray(0, length));
  } finally {
    await handle.close();
  }
};
