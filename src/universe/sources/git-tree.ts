import {
  type FileTree,
  LARGEST_FILE_BYTES,
  LARGEST_TREE_BYTES,
  MOST_FILES,
  PACKAGE_FOLDERS,
  type PackageProblem,
  REVISION_FILES,
  type TreeFile,
} from './file-tree.ts';
import { RepositoryError } from './repository-error.ts';
import type { RunGit } from './run-git.ts';

const READ_LIMIT_MS = 60_000;

interface TreeEntry {
  mode: string;
  object: string;
  sizeBytes: number;
  path: string;
}

/**
 * Reads the packages of a commit straight from Git's objects: nothing is checked out, so that no name and no link of a
 * hostile repository ever reaches the disk.
 */
export const readGitTree = async (runGit: RunGit, folder: string, commit: string): Promise<FileTree> => {
  const listing = await runGit({
    args: ['-C', folder, 'ls-tree', '-r', '-z', '-l', '--full-tree', commit, '--', ...PACKAGE_FOLDERS],
    limitMs: READ_LIMIT_MS,
  });
  const { entries, problems } = selectEntries(parseListing(listing.toString('utf8')));
  const contents = await readObjects(runGit, folder, entries);
  const files = entries.map(({ path, object, sizeBytes }): [string, TreeFile] => [
    path,
    { sizeBytes, read: async () => contents.get(object) ?? Buffer.alloc(0) },
  ]);
  return { files: new Map(files), problems };
};

const parseListing = (listing: string): TreeEntry[] =>
  listing.split('\0').flatMap((line) => {
    const [, mode = '', object = '', size = '', path = ''] =
      /^(\d+) \w+ ([0-9a-f]+) +(\d+|-)\t([\s\S]+)$/.exec(line) ?? [];
    return path === '' ? [] : [{ mode, object, sizeBytes: Number(size) || 0, path }];
  });

const selectEntries = (all: readonly TreeEntry[]): { entries: TreeEntry[]; problems: PackageProblem[] } => {
  const root = PACKAGE_FOLDERS.find((folder) => all.some(({ path }) => path.startsWith(`${folder}/`)));
  if (root === undefined) {
    throw new RepositoryError(
      'bad-content',
      `The Git repository is no package repository: it has none of the folders ${PACKAGE_FOLDERS.join(', ')}`,
    );
  }
  const inside = all
    .filter(({ path }) => path.startsWith(`${root}/`))
    .map((entry) => ({ ...entry, path: entry.path.slice(root.length + 1) }));
  const isFile = ({ mode }: TreeEntry): boolean => mode === '100644' || mode === '100755';
  const problems = inside
    .filter((entry) => !isFile(entry))
    .map(({ path }) => ({ where: path, message: 'is a link or a submodule: only files are read' }));
  const entries = inside.filter((entry) => isFile(entry) && isRevisionFile(entry.path));
  if (entries.length > MOST_FILES)
    throw new RepositoryError('bad-content', `There are more than ${MOST_FILES} files`);
  return { entries, problems };
};

const isRevisionFile = (path: string): boolean => {
  const parts = path.split('/');
  return parts.length === 4 && REVISION_FILES.has(parts[3] ?? '');
};

/** Contents by object id, of all that are not too large. */
const readObjects = async (
  runGit: RunGit,
  folder: string,
  entries: readonly TreeEntry[],
): Promise<ReadonlyMap<string, Buffer>> => {
  const objects = new Set(
    entries.filter(({ sizeBytes }) => sizeBytes <= LARGEST_FILE_BYTES).map(({ object }) => object),
  );
  const output = await runGit({
    args: ['-C', folder, 'cat-file', '--batch'],
    input: [...objects].map((object) => `${object}\n`).join(''),
    limitMs: READ_LIMIT_MS,
    limitBytes: LARGEST_TREE_BYTES,
  });
  const contents = new Map<string, Buffer>();
  for (let position = 0; position < output.length; ) {
    const headerEnd = output.indexOf(10, position);
    const [object = '', , size = ''] = output.toString('latin1', position, headerEnd).split(' ');
    const start = headerEnd + 1;
    const end = start + (Number(size) || 0);
    contents.set(object, output.subarray(start, end));
    position = end + 1;
  }
  return contents;
};
