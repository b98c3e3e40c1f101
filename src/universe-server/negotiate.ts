import {
  compareVersions,
  RELEASES,
  type RepositoryVersion,
  repositoryVersionOf,
} from '../universe/building/releases.ts';

/** What a client is sent. */
export interface Negotiated {
  /** Which packages: those that work on this release of DC/OS. */
  readonly release: string;
  /** In which format they are. */
  readonly format: RepositoryVersion;
  /** What the answer calls itself: a client takes nothing else than what it asked for. */
  readonly label: RepositoryVersion | 'json';
}

const VERSIONS: readonly RepositoryVersion[] = ['v5', 'v4', 'v3'];
const NEWEST = RELEASES.at(-1) ?? '';

/**
 * Chooses by what clients say (reference 1.11): the highest format in `Accept` names the answer, `dcos/VERSION` in
 * `User-Agent` selects the packages; who says nothing of a release has the newest. A client that knows only older formats
 * gets packages in these; clusters of old releases get theirs whatever they accept.
 */
export const negotiate = (headers: {
  accept?: string | undefined;
  'user-agent'?: string | undefined;
}): Negotiated => {
  const release = releaseOf(headers['user-agent'] ?? '');
  const accepted = acceptedVersion(headers.accept ?? '');
  const own = repositoryVersionOf(release);
  const format = accepted !== undefined && accepted < own ? accepted : own;
  return { release, format, label: accepted ?? 'json' };
};

const acceptedVersion = (accept: string): RepositoryVersion | undefined => {
  const types = accept.toLowerCase().split(',');
  return VERSIONS.find((version) =>
    types.some(
      (type) =>
        type.includes('application/vnd.dcos.universe.repo+json') &&
        new RegExp(`;\\s*version=${version}\\s*(;|$)`).test(type) &&
        !/;\s*q=0(\.0*)?\s*(;|$)/.test(type),
    ),
  );
};

/** The newest known release that is not newer than the client's. */
const releaseOf = (userAgent: string): string => {
  const [, version] = /\bdcos\/(\d{1,4}\.\d{1,4})/.exec(userAgent) ?? [];
  if (version === undefined) return NEWEST;
  return RELEASES.findLast((release) => compareVersions(release, version) <= 0) ?? RELEASES[0] ?? NEWEST;
};
