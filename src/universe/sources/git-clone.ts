import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileTree } from './file-tree.ts';
import { objectsOfPackages, readGitTree } from './git-tree.ts';
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
/** Of what one fetch may put on the disk. */
const LARGEST_PACK_BYTES = 512 * 1024 * 1024;
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
    tree: () => readGitTree({ runGit, folder: clone }, HEAD),
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
  const clones = join(cacheDir, CLONES_FOLDER);
  await mkdir(clones, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(clones, 'fetch-'));
  try {
    await fetchInto(folder, { remote, runGit, name });
    await rm(clone, { recursive: true, force: true });
    await rename(folder, clone);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** A universe may be a small part of a large repository: only if that fails is all of the commit fetched. */
const fetchInto = async (folder: string, fetching: Omit<Fetching, 'folder'>): Promise<void> => {
  const attempts = [fetchPackages, fetchAll];
  for (const attempt of attempts) {
    await rm(folder, { recursive: true, force: true });
    const args = ['init', '--quiet', '--bare', '--template=', folder];
    await fetching.runGit({ args, limitMs: LIST_LIMIT_MS });
    try {
      return await attempt({ ...fetching, folder });
    } catch (error) {
      if (attempt === attempts.at(-1)) throw error;
    }
  }
};

interface Fetching {
  readonly remote: string;
  readonly runGit: RunGit;
  readonly folder: string;
  /** What to ask the remote for. */
  readonly name: string;
}

/** What arrives stays one file, whose size is bounded. */
const fetch = (
  { runGit, folder }: Pick<Fetching, 'runGit' | 'folder'>,
  args: readonly string[],
  input?: string,
): Promise<Buffer> =>
  runGit({
    args: ['-C', folder, ...ONE_PACK, 'fetch', '--quiet', '--depth=1', '--no-tags', ...args],
    limitMs: FETCH_LIMIT_MS,
    limitFileBytes: LARGEST_PACK_BYTES,
    ...(input === undefined ? {} : { input }),
  });

const ONE_PACK = ['-c', 'fetch.unpackLimit=1', '-c', 'fetch.negotiationAlgorithm=noop'];
const WITHOUT_CONTENTS = ['--recurse-submodules=no', '--filter=blob:none'];

const fetchAll = async (fetching: Fetching): Promise<void> => {
  await fetch(fetching, ['--', fetching.remote, `+${fetching.name}:${HEAD}`]);
};

/** The commit with its folders first, then the contents of packages; a remote that can leave out none sends all at once. */
const fetchPackages = async (fetching: Fetching): Promise<void> => {
  const { remote, name, runGit, folder } = fetching;
  await fetch(fetching, [...WITHOUT_CONTENTS, '--', remote, `+${name}:${HEAD}`]);
  const wanted = await objectsOfPackages(fetching, HEAD);
  const present = await presentObjects(fetching);
  const missing = wanted.filter((object) => !present.has(object));
  if (missing.length > 0) {
    const input = missing.map((object) => `${object}\n`).join('');
    await fetch(fetching, [...WITHOUT_CONTENTS, '--no-write-fetch-head', '--stdin', '--', remote], input);
  }
  // Git notes where to get what was left out. That may hold a password, and nothing more is to be got.
  const args = ['-C', folder, 'config', '--remove-section', `remote.${remote}`];
  await runGit({ args, limitMs: LIST_LIMIT_MS }).catch(() => undefined);
};

const presentObjects = async ({ runGit, folder }: Fetching): Promise<ReadonlySet<string>> => {
  const output = await runGit({
    args: ['-C', folder, 'cat-file', '--batch-all-objects', '--batch-check=%(objectname)'],
    limitMs: LIST_LIMIT_MS,
  });
  return new Set(output.toString('latin1').split('\n'));
};
