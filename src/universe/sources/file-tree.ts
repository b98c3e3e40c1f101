/** A file of a folder repository that has not been read yet. */
export interface TreeFile {
  readonly sizeBytes: number;
  /** Reads at most what is allowed, whatever the size was said to be. */
  read(): Promise<Buffer>;
}

/** What is wrong with one package, or with one file of it; the rest of the repository is not concerned. */
export interface PackageProblem {
  /** Where: a path within the repository, or a name and version. */
  readonly where: string;
  readonly message: string;
}

/** The files of a folder repository below its `packages` folder, wherever they come from (disk, Git). */
export interface FileTree {
  /** By their path, such as `C/cassandra/0/package.json`; only files of revisions are listed. */
  readonly files: ReadonlyMap<string, TreeFile>;
  readonly problems: readonly PackageProblem[];
}

/** Where the packages lie within a folder repository, the first that there is. */
export const PACKAGE_FOLDERS = ['repo/packages', 'packages', 'universe/repo/packages'];
/** Files that make a revision; others are ignored. */
export const REVISION_FILES: ReadonlySet<string> = new Set([
  'package.json',
  'config.json',
  'resource.json',
  'command.json',
  'marathon.json.mustache',
]);
/** Whether a file may be one of a revision, before it is known where the packages lie. */
export const mayBeRevision = (path: string): boolean =>
  REVISION_FILES.has(path.slice(path.lastIndexOf('/') + 1));

export const LARGEST_FILE_BYTES = 2 * 1024 * 1024;
/** More files than this are no repository. The public one has 5,000. */
export const MOST_FILES = 100_000;
export const LARGEST_TREE_BYTES = 256 * 1024 * 1024;
/** More problems than this are counted, not told. */
export const MOST_PROBLEMS = 100;
