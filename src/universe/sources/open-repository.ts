import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cachedSource, type ReadRepository } from './cached-source.ts';
import { filesReader } from './files-reader.ts';
import { CLONES_FOLDER, cloneName } from './git-clone.ts';
import { gitReader } from './git-reader.ts';
import { type FetchUrl, httpReader } from './http-reader.ts';
import type { RepositorySource } from './loaded-repository.ts';
import { ociReader, type PullArtifact } from './oci-reader.ts';
import { repositoryCopy } from './repository-copy.ts';
import { parseRepositoryUri, type RepositoryLocation } from './repository-uri.ts';
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

/** Makes the source that a repository's URI names; nothing is read yet. Throws RepositoryError `bad-uri`. */
export const openRepository = (uri: string, tools: RepositoryTools): OpenedRepository => {
  const location = parseRepositoryUri(uri);
  const copy = repositoryCopy(join(tools.cacheDir, COPIES, keyOf(uri)), tools.userAgent);
  return { location, ...cachedSource(readerOf(location, tools), copy) };
};

/** Deletes what is kept of other repositories than these, and what a sudden end left. Nothing may be read meanwhile. */
export const pruneCache = async (cacheDir: string, uris: readonly string[]): Promise<void> => {
  const wanted = new Set(uris.flatMap((uri) => [keyOf(uri), ...cloneOf(uri)]));
  for (const folder of [COPIES, CLONES_FOLDER]) {
    const names = await readdir(join(cacheDir, folder)).catch(() => []);
    for (const name of names.filter((name) => !wanted.has(name)))
      await rm(join(cacheDir, folder, name), { recursive: true, force: true });
  }
  await rm(join(cacheDir, SCRATCH), { recursive: true, force: true });
};

const keyOf = (uri: string): string => createHash('sha256').update(uri).digest('hex').slice(0, 32);

const cloneOf = (uri: string): string[] => {
  const location = parseRepositoryUri(uri);
  return location.kind === 'git' ? [cloneName(location)] : [];
};

const readerOf = (location: RepositoryLocation, tools: RepositoryTools): ReadRepository => {
  const scratchDir = join(tools.cacheDir, SCRATCH);
  switch (location.kind) {
    case 'files':
      return filesReader(location.path, scratchDir);
    case 'git':
      return gitReader({ ...location, cacheDir: tools.cacheDir, runGit: tools.runGit ?? runGit });
    case 'http':
      return httpReader({ ...tools, url: location.url, scratchDir });
    case 'oci':
      return ociReader({ ...tools, name: location.name, scratchDir });
  }
};
