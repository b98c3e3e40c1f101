import { stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { PACKAGE_FOLDERS } from '../sources/file-tree.ts';
import { RepositoryError } from '../sources/repository-error.ts';

/** A folder repository that is worked on. */
export interface FoundRepository {
  /** What holds `repo/packages` or `packages`. */
  readonly root: string;
  readonly packages: string;
  /** What of it was meant: a path below `packages`, or nothing for all of it. */
  readonly within: string;
}

/**
 * Finds the repository that a path leads to: the folder itself, or the nearest one around it, so that authors can stand in
 * the package they work on. Throws RepositoryError.
 */
export const findRepository = async (path: string): Promise<FoundRepository> => {
  const start = resolve(path);
  if (!(await isFolder(start))) throw new RepositoryError('unreachable', `There is no folder ${start}`);
  for (let root = start; ; root = dirname(root)) {
    for (const candidate of PACKAGE_FOLDERS) {
      const packages = join(root, ...candidate.split('/'));
      if (await isFolder(packages)) return { root, packages, within: pathWithin(packages, start) };
    }
    if (root === dirname(root)) break;
  }
  throw new RepositoryError(
    'bad-content',
    `${start} is no repository and lies in none: a repository has one of the folders ${PACKAGE_FOLDERS.join(', ')}`,
  );
};

/** Whether a path below `packages` is meant by it. */
export const isMeant = ({ within }: FoundRepository, path: string): boolean =>
  within === '' || path === within || path.startsWith(`${within}/`);

const pathWithin = (packages: string, start: string): string => {
  const inner = relative(packages, start);
  return inner.startsWith('..') ? '' : inner.split(sep).join('/');
};

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
