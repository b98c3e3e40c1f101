import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Repository } from '../catalog/catalog.ts';
import { type MinisignKey, parseMinisignKey } from '../signing/minisign.ts';
import { cachedSource, type ReadRepository } from './cached-source.ts';
import { unsigned } from './check-signature.ts';
import { filesReader } from './files-reader.ts';
import { CLONES_FOLDER, cloneName } from './git-clone.ts';
import { gitReader } from './git-reader.ts';
import { type FetchUrl, httpReader } from './http-reader.ts';
import type { RepositorySource } from './loaded-repository.ts';
import { ociReader, type PullArtifact } from './oci-reader.ts';
import { repositoryCopy } from './repository-copy.ts';
import { RepositoryError } from './repository-error.ts';
import { parseRepositoryUri, type RepositoryLocation, redactUri } from './repository-uri.ts';
import { type RunGit, runGit } from './run-git.ts';

export interface RepositoryTools {
  /** Folder for clones and copies of what was read; it may be deleted at any time. */
  readonly cacheDir: string;
  readonly fetchUrl: FetchUrl;
  readonly pullArtifact: PullArtifact;
  readonly userAgent: string;
  /** Default: the user's own Git. */
  readonly runGit?: RunGit;
}

export interface OpenedRepository extends RepositorySource {
  readonly location: RepositoryLocation;
}

const COPIES = 'copies';
const SCRATCH = 'scratch';

/** Where a repository lies, and the public key of minisign of who must have signed it. */
export type RepositoryAddress = Pick<Repository, 'uri' | 'key'>;

/**
 * Makes the source that a repository's URI names; nothing is read yet. Throws RepositoryError `bad-uri`, and
 * `bad-signature` when there is no checking what it names.
 */
export const openRepository = ({ uri, key }: RepositoryAddress, tools: RepositoryTools): OpenedRepository => {
  const location = parseRepositoryUri(uri);
  const copy = repositoryCopy(join(tools.cacheDir, COPIES, copyName({ uri, key })), tools.userAgent);
  return { location, ...cachedSource(readerOf(location, tools, key), copy) };
};

/** Deletes what is kept of other repositories than these, and what a sudden end left. Nothing may be read meanwhile. */
export const pruneCache = async (
  cacheDir: string,
  addresses: readonly RepositoryAddress[],
): Promise<void> => {
  const wanted = new Set(addresses.flatMap((address) => [copyName(address), ...cloneOf(address.uri)]));
  for (const folder of [COPIES, CLONES_FOLDER]) {
    const names = await readdir(join(cacheDir, folder)).catch(() => []);
    for (const name of names.filter((name) => !wanted.has(name)))
      await rm(join(cacheDir, folder, name), { recursive: true, force: true });
  }
  await rm(join(cacheDir, SCRATCH), { recursive: true, force: true });
};

/** What was read without being checked is no copy for who wants it checked. */
const copyName = ({ uri, key = '' }: RepositoryAddress): string =>
  createHash('sha256').update(`${uri}\n${key}`).digest('hex').slice(0, 32);

const keyOf = (text: string): MinisignKey => {
  try {
    return parseMinisignKey(text);
  } catch (error) {
    throw new RepositoryError('bad-signature', error instanceof Error ? error.message : String(error), {
      cause: error,
    });
  }
};

const cloneOf = (uri: string): string[] => {
  try {
    const location = parseRepositoryUri(uri);
    return location.kind === 'git' ? [cloneName(location)] : [];
  } catch {
    // Whoever reads it is told.
    return [];
  }
};

const readerOf = (
  location: RepositoryLocation,
  tools: RepositoryTools,
  keyText: string | undefined,
): ReadRepository => {
  const key = keyText === undefined ? undefined : keyOf(keyText);
  const scratchDir = join(tools.cacheDir, SCRATCH);
  switch (location.kind) {
    case 'files':
      return filesReader({ path: location.path, scratchDir, key });
    case 'git':
      if (key) throw unsigned(redactUri(location.remote), 'only files and what web servers send are signed');
      return gitReader({ ...location, cacheDir: tools.cacheDir, runGit: tools.runGit ?? runGit });
    case 'http':
      return httpReader({ ...tools, url: location.url, scratchDir, key });
    case 'oci':
      if (key) throw unsigned(`oci://${location.name}`, 'only files and what web servers send are signed');
      return ociReader({ ...tools, name: location.name, scratchDir });
  }
};
