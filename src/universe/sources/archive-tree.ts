import {
  type FileTree,
  MOST_FILES,
  MOST_PROBLEMS,
  PACKAGE_FOLDERS,
  type PackageProblem,
  REVISION_FILES,
  type TreeFile,
} from './file-tree.ts';
import { RepositoryError } from './repository-error.ts';

/** Something in an archive, or in a commit. */
export interface ArchiveEntry {
  readonly path: string;
  /** `other`: devices, pipes and whatever else is no file. */
  readonly type: 'file' | 'folder' | 'link' | 'other';
  readonly sizeBytes: number;
  read(): Promise<Buffer>;
}

/** `C/cassandra/0/package.json` */
const FILE_DEPTH = 4;

/**
 * The files of packages among the entries of an archive, which may have all of it in one folder (reference 1.11, old zip
 * layout). Nothing is ever written where an entry says: what leads out of the archive, links, devices and what is there
 * twice are problems. Throws RepositoryError when there is no packages folder.
 */
export const archiveTree = (entries: readonly ArchiveEntry[], what: string): FileTree => {
  const problems: PackageProblem[] = [];
  const report = (where: string, message: string): void => {
    if (problems.length < MOST_PROBLEMS) problems.push({ where, message });
  };
  const inside = entries.filter(({ path }) => {
    if (path === '') return false;
    const isSafe = isSafePath(path);
    if (!isSafe) report(path.slice(0, 200), 'leads out of the archive: not read');
    return isSafe;
  });
  const root = findRoot(inside);
  if (root === undefined) {
    throw new RepositoryError(
      'bad-content',
      `${what} is no package repository: it has none of the folders ${PACKAGE_FOLDERS.join(', ')}`,
    );
  }
  const files = new Map<string, TreeFile>();
  for (const entry of inside) {
    if (!entry.path.startsWith(root) || entry.type === 'folder') continue;
    const path = entry.path.slice(root.length);
    if (entry.type === 'link') report(path, 'is a link: only files are read');
    else if (entry.type === 'other') report(path, 'is no file');
    else if (!isRevisionFile(path)) continue;
    else if (files.has(path)) report(path, 'is there twice: the first one is read');
    else files.set(path, entry);
    if (files.size > MOST_FILES)
      throw new RepositoryError('bad-content', `${what} has more than ${MOST_FILES} files`);
  }
  return { files, problems };
};

const isRevisionFile = (path: string): boolean => {
  const parts = path.split('/');
  return parts.length === FILE_DEPTH && REVISION_FILES.has(parts[FILE_DEPTH - 1] ?? '');
};

const isSafePath = (path: string): boolean =>
  !path.startsWith('/') &&
  !/[\\\0]/.test(path) &&
  !/^[A-Za-z]:/.test(path) &&
  !path.split('/').includes('..');

/** The packages folder with a slash behind it: at the top, or in the one folder there. */
const findRoot = (entries: readonly ArchiveEntry[]): string | undefined => {
  const [first] = entries;
  const top = first && /^[^/]+\//.exec(first.path)?.[0];
  const isAlone =
    top !== undefined && entries.every(({ path }) => path.startsWith(top) || `${path}/` === top);
  for (const prefix of isAlone ? ['', top] : ['']) {
    for (const folder of PACKAGE_FOLDERS) {
      const root = `${prefix}${folder}/`;
      if (entries.some(({ path }) => path.startsWith(root))) return root;
    }
  }
  return undefined;
};
