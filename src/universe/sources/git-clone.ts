import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileTree } from './file-tree.ts';
import { readGitTree } from './git-tree.ts';
import { RepositoryError } from './repository-error.ts';
import { redactUri } from './repository-uri.ts';
import type { RunGit } from './run-git.ts';

export interface GitCloneOptions {
  readonly remote: string;
  readonly ref?: string;
  /** Folder for clones; each remote and ref has one of its own below it. */
  readonly cacheDir: string;
  readonly runGit: RunGit;
}

const LIST_LIMIT_MS = 30_000;
const FETCH_LIMIT_MS = 180_000;
/** Where the one commit that was fetched is kept in the clone. */
const HEAD = 'refs/plenum/head';

/** Below the cache. */
export const CLONES_FOLDER = 'git';

/** The name of the folder of a clone. */
export const cloneName = ({ remote, ref = 'HEAD' }: Pick<GitCloneOptions, 'remote' | 'ref'>): string =>
  createHash('sha256').update(`${remote}\n${ref}`).digest('hex').slice(0, 32);

/** The one commit of a remote that is kept on disk, without history and never checked out. */
export interface GitClone {
  /** Id of what was fetched last: a commit, or the annotated tag that names it. Undefined: nothing yet. */
  fetched(): Promise<string | undefined>;
  /** Asks the remote, fetches what is not there yet, and gives its id. Throws RepositoryError. */
  fetch(): Promise<string>;
  tree(): Promise<FileTree>;
  commit(): Promise<string>;
}

/** A repository in Git. The remote is asked for the commit first, and only another one than the last is fetched. */
export const openGitClone = (options: GitCloneOptions): GitClone => {
  const { remote, ref = 'HEAD', cacheDir, runGit } = options;
  const clone = join(cacheDir, CLONES_FOLDER, cloneName(options));
  const fetched = (): Promise<string | undefined> => fetchedObject(runGit, clone);
  return {
    fetched,
    fetch: async () => {
      const wanted = await findObject(runGit, remote, ref);
      if (wanted.object !== (await fetched())) await fetchObject(options, clone, wanted);
      return wanted.object;
    },
    tree: () => readGitTree(runGit, clone, HEAD),
    commit: () => resolve(runGit, clone, `${HEAD}^{commit}`),
  };
};

interface RemoteObject {
  /** Id of the commit, or of the annotated tag that names it. */
  object: string;
  /** What to ask the remote for. */
  name: string;
}

const findObject = async (runGit: RunGit, remote: string, ref: string): Promise<RemoteObject> => {
  // A commit never changes, and remotes do not list them.
  if (/^[0-9a-f]{40}$/.test(ref)) return { object: ref, name: ref };
  const wanted = ref === 'HEAD' ? ['HEAD'] : [`refs/heads/${ref}`, `refs/tags/${ref}`, ref];
  const output = await runGit({
    args: ['ls-remote', '--quiet', '--', remote, ...wanted],
    limitMs: LIST_LIMIT_MS,
  });
  const listed = new Map(
    output
      .toString('utf8')
      .split('\n')
      .flatMap((line): [string, string][] => {
        const [object = '', name = ''] = line.split('\t');
        return /^[0-9a-f]{40,64}$/.test(object) ? [[name, object]] : [];
      }),
  );
  for (const name of wanted) {
    const object = listed.get(name);
    if (object !== undefined) return { object, name };
  }
  const what = ref === 'HEAD' ? 'is empty' : `has no branch or tag ${ref}`;
  throw new RepositoryError('unreachable', `${redactUri(remote)} ${what}`);
};

const fetchedObject = async (runGit: RunGit, clone: string): Promise<string | undefined> => {
  try {
    await stat(clone);
    return await resolve(runGit, clone, HEAD);
  } catch {
    return undefined;
  }
};

const resolve = async (runGit: RunGit, clone: string, name: string): Promise<string> => {
  const output = await runGit({ args: ['-C', clone, 'rev-parse', '--verify', name], limitMs: LIST_LIMIT_MS });
  return output.toString('utf8').trim();
};

/** Fetches into a new clone that takes the place of the old one whole: a fetch that dies leaves the old one. */
const fetchObject = async (
  { remote, cacheDir, runGit }: GitCloneOptions,
  clone: string,
  { name }: RemoteObject,
): Promise<void> => {
  await mkdir(join(cacheDir, CLONES_FOLDER), { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(cacheDir, CLONES_FOLDER, 'fetch-'));
  try {
    await runGit({ args: ['init', '--quiet', '--bare', '--template=', folder], limitMs: LIST_LIMIT_MS });
    await runGit({
      args: ['-C', folder, 'fetch', '--quiet', '--depth=1', '--no-tags', '--', remote, `+${name}:${HEAD}`],
      limitMs: FETCH_LIMIT_MS,
    });
    await rm(clone, { recursive: true, force: true });
    await rename(folder, clone);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
