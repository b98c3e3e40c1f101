import type { FileTree } from '../universe/sources/file-tree.ts';
import { type GitClone, openGitClone } from '../universe/sources/git-clone.ts';
import { readFolderTree } from '../universe/sources/read-file-tree.ts';
import { RepositoryError } from '../universe/sources/repository-error.ts';
import { parseRepositoryUri, redactUri } from '../universe/sources/repository-uri.ts';
import { runGit } from '../universe/sources/run-git.ts';

/** The files of a repository at one moment. */
export interface TreeState {
  /** The same as long as nothing has changed. */
  readonly signature: string;
  /** Reads nothing that is not needed: an unchanged repository costs no more than its signature. */
  read(): Promise<FileTree>;
}

export interface TreeSource {
  /** Where it lies, without secrets. */
  readonly shown: string;
  /** How often to look, in ms. */
  readonly usualIntervalMs: number;
  /** Throws RepositoryError when it cannot be read at all. */
  look(): Promise<TreeState>;
}

const FOLDER_INTERVAL_MS = 2_000;
const GIT_INTERVAL_MS = 30_000;

/** A repository in a folder or in Git, by its URI. Throws RepositoryError for any other. */
export const openTreeSource = (uri: string, cacheDir: string): TreeSource => {
  const location = parseRepositoryUri(uri);
  switch (location.kind) {
    case 'files':
      return {
        shown: location.path,
        usualIntervalMs: FOLDER_INTERVAL_MS,
        look: () => lookAtFolder(location.path),
      };
    case 'git': {
      const look = lookAtGit(openGitClone({ ...location, cacheDir, runGit }));
      return { shown: redactUri(uri), usualIntervalMs: GIT_INTERVAL_MS, look };
    }
    default:
      throw new RepositoryError('bad-uri', `${redactUri(uri)} cannot be hosted: give a folder or a Git URL`);
  }
};

const lookAtFolder = async (folder: string): Promise<TreeState> => {
  const tree = await readFolderTree(folder);
  return { signature: tree.signature, read: async () => tree };
};

/** At the start what was fetched before is better than nothing; later, whoever looks has it already. */
const lookAtGit = (clone: GitClone): TreeSource['look'] => {
  let isFirst = true;
  return async () => {
    const signature = await clone.fetch().catch(async (error: unknown) => {
      const fetched = isFirst ? await clone.fetched() : undefined;
      if (fetched === undefined) throw error;
      return fetched;
    });
    isFirst = false;
    return { signature, read: () => clone.tree() };
  };
};
