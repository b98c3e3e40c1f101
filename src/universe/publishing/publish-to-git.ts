import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type FileTree, PACKAGE_FOLDERS } from '../sources/file-tree.ts';
import { RepositoryError } from '../sources/repository-error.ts';
import { redactUri } from '../sources/repository-uri.ts';
import type { RunGit } from '../sources/run-git.ts';

export interface GitPublication {
  readonly remote: string;
  /** The branch that is moved on, made when it is not there; default: the remote's own. */
  readonly branch?: string | undefined;
  readonly message: string;
  /** Whether released revisions may change. */
  readonly isForced: boolean;
  /** Folder for the clone. */
  readonly scratchDir: string;
  readonly runGit: RunGit;
}

export interface GitPublished {
  readonly branch: string;
  /** Undefined: the branch had everything already. */
  readonly commit?: string;
  /** Files that are new, and files that changed. */
  readonly added: readonly string[];
  readonly changed: readonly string[];
}

const SHORT_LIMIT_MS = 30_000;
const TRANSFER_LIMIT_MS = 300_000;
const BASE = 'refs/plenum/base';
const NEXT = 'refs/plenum/next';

/**
 * Puts the packages of a repository into a branch of a remote, in one commit of the user's, and pushes it. What is there
 * beside them stays. Files of revisions that are there already may not be changed, as clusters have them. Nothing is
 * checked out. Throws RepositoryError.
 */
export const publishToGit = async (tree: FileTree, publication: GitPublication): Promise<GitPublished> => {
  const { remote, isForced, scratchDir, runGit } = publication;
  const folder = await mkdtemp(join(scratchDir, 'publish-'));
  const git = async (args: readonly string[], input?: string, limitMs = SHORT_LIMIT_MS): Promise<string> =>
    (
      await runGit({ args: ['-C', folder, ...args], limitMs, ...(input === undefined ? {} : { input }) })
    ).toString('utf8');
  try {
    await git(['init', '--quiet', '--bare', '--template=']);
    const { branch, isThere } = await findBranch(git, publication);
    if (isThere) {
      const fetch = [
        'fetch',
        '--quiet',
        '--depth=1',
        '--no-tags',
        '--',
        remote,
        `+refs/heads/${branch}:${BASE}`,
      ];
      await git(fetch, undefined, TRANSFER_LIMIT_MS);
    }
    const present = isThere ? await listFiles(git) : new Map<string, string>();
    const root = packagesFolder(present);
    const { added, changed } = await compare(tree, present, root);
    if (changed.length > 0 && !isForced) {
      throw new RepositoryError(
        'bad-content',
        `Released revisions have other files in ${redactUri(remote)} (${changed.slice(0, 5).join(', ')}${changed.length > 5 ? ', …' : ''}): give what changes the next number`,
      );
    }
    if (added.length + changed.length === 0) return { branch, added, changed };
    const who = (await git(['var', 'GIT_COMMITTER_IDENT'])).trim();
    const commands = await importCommands(tree, {
      paths: [...added, ...changed],
      root,
      who,
      isThere,
      message: publication.message,
    });
    await git(['fast-import', '--quiet'], commands, TRANSFER_LIMIT_MS);
    await git(
      ['push', '--quiet', '--', remote, `${NEXT}:refs/heads/${branch}`],
      undefined,
      TRANSFER_LIMIT_MS,
    ).catch(explainRace);
    return { branch, commit: (await git(['rev-parse', NEXT])).trim(), added, changed };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

type Git = (args: readonly string[], input?: string, limitMs?: number) => Promise<string>;

const findBranch = async (
  git: Git,
  { remote, branch }: GitPublication,
): Promise<{ branch: string; isThere: boolean }> => {
  const listed = await git(['ls-remote', '--symref', '--', remote, 'HEAD', 'refs/heads/*']);
  const [, own] = /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(listed) ?? [];
  const wanted = branch ?? own ?? 'main';
  return {
    branch: wanted,
    isThere: listed.split('\n').some((line) => line.endsWith(`\trefs/heads/${wanted}`)),
  };
};

/** Ids of the files of the branch, by their paths. */
const listFiles = async (git: Git): Promise<ReadonlyMap<string, string>> => {
  const listing = await git(['ls-tree', '-r', '-z', '--full-tree', BASE]);
  return new Map(
    listing.split('\0').flatMap((line): [string, string][] => {
      const [, object = '', path = ''] = /^\d+ \w+ ([0-9a-f]+)\t([\s\S]+)$/.exec(line) ?? [];
      return path === '' ? [] : [[path, object]];
    }),
  );
};

const packagesFolder = (present: ReadonlyMap<string, string>): string => {
  const paths = [...present.keys()];
  const usual = PACKAGE_FOLDERS[0] ?? '';
  return PACKAGE_FOLDERS.find((folder) => paths.some((path) => path.startsWith(`${folder}/`))) ?? usual;
};

const compare = async (
  tree: FileTree,
  present: ReadonlyMap<string, string>,
  root: string,
): Promise<{ added: string[]; changed: string[] }> => {
  const added: string[] = [];
  const changed: string[] = [];
  const revisions = new Set([...present.keys()].map((path) => path.slice(0, path.lastIndexOf('/'))));
  for (const [path, file] of tree.files) {
    const object = present.get(`${root}/${path}`);
    // A new file of a released revision changes the revision.
    if (object === undefined)
      (revisions.has(`${root}/${path.slice(0, path.lastIndexOf('/'))}`) ? changed : added).push(path);
    else if (!isSameObject(await file.read(), object)) changed.push(path);
  }
  return { added, changed };
};

/** Git names contents by their SHA-1, and in newer repositories by their SHA-256. */
const isSameObject = (content: Buffer, object: string): boolean =>
  createHash(object.length === 40 ? 'sha1' : 'sha256')
    .update(`blob ${content.length}\0`)
    .update(content)
    .digest('hex') === object;

const importCommands = async (
  tree: FileTree,
  {
    paths,
    root,
    who,
    isThere,
    message,
  }: { paths: readonly string[]; root: string; who: string; isThere: boolean; message: string },
): Promise<string> => {
  const pieces = [`commit ${NEXT}\ncommitter ${who}\n${data(message)}\n${isThere ? `from ${BASE}^0\n` : ''}`];
  for (const path of paths) {
    const content = (await tree.files.get(path)?.read()) ?? Buffer.alloc(0);
    pieces.push(`M 100644 inline ${root}/${path}\n${data(content.toString('utf8'))}\n`);
  }
  return pieces.join('');
};

const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}`;

const explainRace = (error: unknown): never => {
  const isRace =
    error instanceof RepositoryError && /rejected|fetch first|non-fast-forward/.test(error.message);
  if (!isRace) throw error;
  throw new RepositoryError(
    'bad-content',
    `Somebody else has published meanwhile: try again. ${error.message}`,
    { cause: error },
  );
};
