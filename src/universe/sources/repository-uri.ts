import { fileURLToPath } from 'node:url';
import { RepositoryError } from './repository-error.ts';

/** Where a repository lies. */
export type RepositoryLocation =
  /** A folder repository, or a built repository in a file. */
  | { readonly kind: 'files'; readonly path: string }
  /** `ref` is a branch, a tag or a whole commit id; without it the remote's default branch. */
  | { readonly kind: 'git'; readonly remote: string; readonly ref?: string }
  | { readonly kind: 'http'; readonly url: string }
  /** `host[:port]/repository[:tag][@digest]` */
  | { readonly kind: 'oci'; readonly name: string };

const LONGEST_URI = 2_000;
/** Transports of Git that start no program of the remote's choice. */
const GIT_SCHEMES = new Set(['https:', 'http:', 'ssh:', 'git:', 'file:']);
/** Hosts whose pages of a repository have the same address as the repository itself. */
const GIT_HOSTS = new Set(['github.com', 'gitlab.com', 'bitbucket.org', 'codeberg.org']);
const SCP_LIKE = /^[A-Za-z0-9_][\w.-]*@[A-Za-z0-9][\w.-]*:(?!\/\/)[^\s]+$/;
const OCI_NAME = /^[A-Za-z0-9.[\]:-]+\/[a-z0-9._/-]+(?::[\w.-]+)?(?:@sha(?:256|512):[0-9a-f]+)?$/;
const REF = /^(?!-)(?!.*\.\.)[\w./+-]+$/;

/**
 * Understands the URI of a repository: `http(s):` of a built repository, `file:` or an absolute path of a folder,
 * `oci://host/repository:tag` of an artifact in a registry, and Git as `git+https://…`, `ssh://…`, `user@host:path`, `https://….git` or the page of a repository on a known host,
 * each with `#ref` (or `.git@ref`). Throws RepositoryError `bad-uri`.
 */
export const parseRepositoryUri = (uri: string): RepositoryLocation => {
  if (uri.length > LONGEST_URI || /\p{Cc}/u.test(uri))
    throw badUri(uri, 'it is too long or holds control characters');
  if (uri.startsWith('/')) return { kind: 'files', path: uri };
  if (/\s/.test(uri)) throw badUri(uri, 'it holds white space');
  if (SCP_LIKE.test(uri)) return gitAt(uri);
  if (!URL.canParse(uri)) throw badUri(uri, 'it is no URI and no absolute path');
  const { protocol, hostname, pathname, hash } = new URL(uri);
  if (protocol === 'oci:') return ociAt(uri);
  if (protocol.startsWith('git+')) return gitAt(uri.slice('git+'.length));
  if (protocol === 'ssh:' || protocol === 'git:') return gitAt(uri);
  const namesGit = /\.git(?:@[^/]+)?\/?$/.test(pathname);
  if (protocol === 'file:') return namesGit || hash !== '' ? gitAt(uri) : filesAt(uri);
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw badUri(uri, `${protocol} is not supported: give http, https, file, git+https, ssh or oci`);
  }
  const isGitPage = GIT_HOSTS.has(hostname) && /^\/[^/]+\/[^/]+\/?$/.test(pathname);
  return namesGit || isGitPage ? gitAt(uri) : { kind: 'http', url: uri };
};

/** A URI as it may be shown, logged and stored in labels: passwords and tokens are taken out. */
export const redactUri = (uri: string): string => uri.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1');

const gitAt = (uri: string): RepositoryLocation => {
  const [, base = uri, fragment] = /^([^#]*)#(.*)$/.exec(uri) ?? [];
  const [, remote = base, suffix] = /^(.*\.git)@([^/@]+)$/.exec(base) ?? [];
  const ref = fragment || suffix;
  if (remote.startsWith('-')) throw badUri(uri, 'it begins with a dash');
  if (!SCP_LIKE.test(remote)) checkGitUrl(uri, remote);
  if (ref !== undefined && !REF.test(ref))
    throw badUri(uri, `${JSON.stringify(ref)} is no branch, tag or commit`);
  return { kind: 'git', remote, ...(ref === undefined ? {} : { ref }) };
};

const checkGitUrl = (uri: string, remote: string): void => {
  if (!URL.canParse(remote)) throw badUri(uri, 'what follows git+ is no URL');
  const { protocol, hostname } = new URL(remote);
  if (!GIT_SCHEMES.has(protocol)) throw badUri(uri, `Git over ${protocol} is not supported`);
  if (hostname.startsWith('-')) throw badUri(uri, 'its host begins with a dash');
};

const ociAt = (uri: string): RepositoryLocation => {
  const name = uri.slice('oci://'.length);
  if (!OCI_NAME.test(name)) throw badUri(uri, 'write oci://host/repository:tag');
  return { kind: 'oci', name };
};

const filesAt = (uri: string): RepositoryLocation => {
  try {
    return { kind: 'files', path: fileURLToPath(uri) };
  } catch (error) {
    throw badUri(uri, error instanceof Error ? error.message : String(error), error);
  }
};

const badUri = (uri: string, reason: string, cause?: unknown): RepositoryError =>
  new RepositoryError(
    'bad-uri',
    `${redactUri(uri).slice(0, 200)} is no repository that can be read: ${reason}`,
    cause === undefined ? {} : { cause },
  );
