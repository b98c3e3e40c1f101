import { type MirrorManifest, readMirror } from '../universe/mirroring/mirror-manifest.ts';
import { mirroredAddresses, rewrittenTree } from '../universe/mirroring/rewrite-addresses.ts';
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
  /** What the folder holds beside packages, if it is a mirror. */
  readonly mirror?: MirrorManifest;
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

export interface TreeSourceOptions {
  /** Of a folder (a mirror, too), or of Git. */
  readonly uri: string;
  /** Folder for clones. */
  readonly cacheDir: string;
  /** Where others reach what is hosted here; addresses of a mirror are led there. */
  readonly base: () => string;
}

/** A repository in a folder or in Git, by its URI. Throws RepositoryError for any other. */
export const openTreeSource = ({ uri, cacheDir, base }: TreeSourceOptions): TreeSource => {
  const location = parseRepositoryUri(uri);
  switch (location.kind) {
    case 'files':
      return {
        shown: location.path,
        usualIntervalMs: FOLDER_INTERVAL_MS,
        look: () => lookAtFolder(location.path, base),
      };
    case 'git': {
      const look = lookAtGit(openGitClone({ ...location, cacheDir, runGit }));
      return { shown: redactUri(uri), usualIntervalMs: GIT_INTERVAL_MS, look };
    }
    default:
      throw new RepositoryError('bad-uri', `${redactUri(uri)} cannot be hosted: give a folder or a Git URL`);
  }
};

const lookAtFolder = async (folder: string, base: () => string): Promise<TreeState> => {
  const tree = await readFolderTree(folder);
  const mirror = await readMirror(folder);
  if (mirror === undefined) return { signature: tree.signature, read: async () => tree };
  return {
    signature: `${tree.signature}\n${JSON.stringify(mirror)}`,
    mirror,
    read: async () => rewrittenTree(tree, mirroredAddresses(mirror, base())),
  };
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
