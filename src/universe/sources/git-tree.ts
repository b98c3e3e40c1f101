import { type ArchiveEntry, archiveTree } from './archive-tree.ts';
import { type FileTree, LARGEST_FILE_BYTES, mayBeRevision, PACKAGE_FOLDERS } from './file-tree.ts';
import type { RunGit } from './run-git.ts';

const READ_LIMIT_MS = 60_000;
/** Contents that are read at once, and how many such batches are kept: files are asked for in their order. */
const BATCH_BYTES = 8 * 1024 * 1024;
const MOST_BATCHES = 3;

export interface GitClonePlace {
  readonly runGit: RunGit;
  /** Folder of a bare repository. */
  readonly folder: string;
}

interface TreeEntry {
  mode: string;
  object: string;
  path: string;
}

/**
 * Reads the packages of a commit straight from Git's objects: nothing is checked out, so that no name and no link of a
 * hostile repository ever reaches the disk. Contents are read when they are asked for.
 */
export const readGitTree = async (place: GitClonePlace, commit: string): Promise<FileTree> => {
  const entries = await listEntries(place, commit);
  const sizes = await sizesOf(place, revisionObjects(entries));
  const contents = createContents(place, sizes);
  const listed = entries.map(
    ({ mode, object, path }): ArchiveEntry => ({
      path,
      type: typeOf(mode),
      sizeBytes: sizes.get(object) ?? 0,
      read: () => contents(object),
    }),
  );
  return archiveTree(listed, 'The Git repository');
};

/** Ids of the objects that a commit's packages consist of. */
export const objectsOfPackages = async (place: GitClonePlace, commit: string): Promise<readonly string[]> =>
  revisionObjects(await listEntries(place, commit));

const revisionObjects = (entries: readonly TreeEntry[]): string[] => [
  ...new Set(
    entries
      .filter(({ mode, path }) => typeOf(mode) === 'file' && mayBeRevision(path))
      .map(({ object }) => object),
  ),
];

const typeOf = (mode: string): ArchiveEntry['type'] => {
  if (mode === '100644' || mode === '100755') return 'file';
  // A submodule is neither.
  return mode === '120000' ? 'link' : 'other';
};

const listEntries = async ({ runGit, folder }: GitClonePlace, commit: string): Promise<TreeEntry[]> => {
  const listing = await runGit({
    args: ['-C', folder, 'ls-tree', '-r', '-z', '--full-tree', commit, '--', ...PACKAGE_FOLDERS],
    limitMs: READ_LIMIT_MS,
  });
  return listing
    .toString('utf8')
    .split('\0')
    .flatMap((line) => {
      const [, mode = '', object = '', path = ''] = /^(\d+) \w+ ([0-9a-f]+)\t([\s\S]+)$/.exec(line) ?? [];
      return path === '' ? [] : [{ mode, object, path }];
    });
};

const sizesOf = async (
  { runGit, folder }: GitClonePlace,
  objects: readonly string[],
): Promise<ReadonlyMap<string, number>> => {
  const output = await runGit({
    args: ['-C', folder, 'cat-file', '--batch-check=%(objectname) %(objectsize)'],
    input: linesOf(objects),
    limitMs: READ_LIMIT_MS,
  });
  const lines = output.toString('latin1').split('\n');
  return new Map(
    lines.map((line): [string, number] => {
      const [object = '', size = ''] = line.split(' ');
      return [object, Number(size) || 0];
    }),
  );
};

type Batch = readonly string[];

/** Gives the content of an object, read together with its neighbours. */
const createContents = (
  place: GitClonePlace,
  sizes: ReadonlyMap<string, number>,
): ((object: string) => Promise<Buffer>) => {
  const batchOf = new Map<string, Batch>();
  for (const batch of batchesOf(sizes)) for (const object of batch) batchOf.set(object, batch);
  const loaded = new Map<Batch, Promise<ReadonlyMap<string, Buffer>>>();
  return async (object) => {
    const batch = batchOf.get(object);
    if (!batch) throw new Error('is not there');
    const contents = loaded.get(batch) ?? readObjects(place, batch);
    loaded.set(batch, contents);
    const [oldest] = loaded.keys();
    if (loaded.size > MOST_BATCHES && oldest) loaded.delete(oldest);
    const content = (await contents).get(object);
    if (!content) throw new Error('cannot be read');
    return content;
  };
};

function* batchesOf(sizes: ReadonlyMap<string, number>): Generator<Batch> {
  let batch: string[] = [];
  let bytes = 0;
  for (const [object, size] of sizes) {
    if (size > LARGEST_FILE_BYTES) continue;
    if (bytes + size > BATCH_BYTES) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(object);
    bytes += size;
  }
  yield batch;
}

const readObjects = async (
  { runGit, folder }: GitClonePlace,
  objects: Batch,
): Promise<ReadonlyMap<string, Buffer>> => {
  const output = await runGit({
    args: ['-C', folder, 'cat-file', '--batch'],
    input: linesOf(objects),
    limitMs: READ_LIMIT_MS,
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

const linesOf = (objects: readonly string[]): string => objects.map((object) => `${object}\n`).join('');
