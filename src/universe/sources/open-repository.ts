import { filesSource } from './files-source.ts';
import { gitSource } from './git-source.ts';
import { type FetchUrl, httpSource } from './http-source.ts';
import type { RepositorySource } from './loaded-repository.ts';
import { parseRepositoryUri, type RepositoryLocation } from './repository-uri.ts';
import { type RunGit, runGit } from './run-git.ts';

export interface RepositoryTools {
  /** Folder for clones and copies of what servers sent. */
  readonly cacheDir: string;
  readonly fetchUrl: FetchUrl;
  readonly userAgent: string;
  /** Default: the user's own Git. */
  readonly runGit?: RunGit;
}

export interface OpenedRepository extends RepositorySource {
  readonly location: RepositoryLocation;
}

/** Makes the source that a repository's URI names; nothing is read yet. Throws RepositoryError `bad-uri`. */
export const openRepository = (uri: string, tools: RepositoryTools): OpenedRepository => {
  const location = parseRepositoryUri(uri);
  return { location, ...sourceOf(location, tools) };
};

const sourceOf = (location: RepositoryLocation, tools: RepositoryTools): RepositorySource => {
  switch (location.kind) {
    case 'files':
      return filesSource(location.path);
    case 'git':
      return gitSource({ ...location, cacheDir: tools.cacheDir, runGit: tools.runGit ?? runGit });
    case 'http':
      return httpSource({ url: location.url, ...tools });
  }
};
