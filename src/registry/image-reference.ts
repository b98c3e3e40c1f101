import { isAbsolute, normalize, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Digest, parseDigest } from './digest.ts';
import { ImageError } from './image-error.ts';

/** Where an image is, understood from its name (mesos.md 6.5). */
export type ImageReference = RegistryReference | FileReference;

export interface RegistryReference {
  readonly type: 'registry';
  /** Host and port, such as `registry-1.docker.io` or `127.0.0.1:5000`. */
  readonly registry: string;
  /** Only when the agent's --docker-registry says it; else found out. */
  readonly scheme: 'http' | 'https' | undefined;
  readonly repository: string;
  /** `latest` unless the name says another tag or a digest. */
  readonly tag: string;
  /** Wins over the tag. */
  readonly digest: Digest | undefined;
}

/** An image in a file: what `docker save` writes, or a folder or a tar of the OCI layout. */
export interface FileReference {
  readonly type: 'file';
  readonly path: string;
  /** Which of several images it is, such as `app:2`: what stands behind a `#`. */
  readonly name: string | undefined;
}

export const DEFAULT_REGISTRY = 'https://registry-1.docker.io';
const HUB_REGISTRY = 'registry-1.docker.io';
const HUB_NAMES: ReadonlySet<string> = new Set(['docker.io', 'index.docker.io', HUB_REGISTRY]);

const HOST = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(:\d{1,5})?$/;
const REPOSITORY = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const LONGEST_NAME = 1024;

/**
 * Understands the name of an image: `[host[:port]/]repository[:tag][@digest]`, `file:/path[#name]`, or, when the default
 * registry is a folder, the name of a file in it. Throws ImageError with what is wrong about the name.
 */
export const parseImageReference = (name: string, defaultRegistry = DEFAULT_REGISTRY): ImageReference => {
  if (name.length > LONGEST_NAME) throw new ImageError('The name of the image is too long');
  if (name.startsWith('file:')) return parseFile(name);
  const [, withoutDigest = '', digestText] = /^([^@]*)(?:@(.*))?$/s.exec(name) ?? [];
  const digest = digestText === undefined ? undefined : parseDigest(digestText);
  if (digestText !== undefined && !digest) {
    throw wrong(name, `${digestText} is not a digest such as sha256:`);
  }
  const slash = withoutDigest.indexOf('/');
  const first = withoutDigest.slice(0, Math.max(0, slash));
  const hasHost = /[.:]/.test(first) || first === 'localhost';
  const rest = hasHost ? withoutDigest.slice(slash + 1) : withoutDigest;
  const colon = rest.lastIndexOf(':');
  const repository = colon === -1 ? rest : rest.slice(0, colon);
  const tag = colon === -1 ? 'latest' : rest.slice(colon + 1);
  if (!REPOSITORY.test(repository)) {
    throw wrong(name, 'a repository has lower-case letters, digits, and single . _ - / between them');
  }
  if (!TAG.test(tag)) throw wrong(name, `${tag} is not a tag`);
  if (hasHost && !HOST.test(first)) throw wrong(name, `${first} is not a host`);
  if (!hasHost && isFolder(defaultRegistry)) {
    return {
      type: 'file',
      path: resolve(folderOf(defaultRegistry), `${repository}:${tag}.tar`),
      name: undefined,
    };
  }
  const where = hasHost ? { registry: first, scheme: undefined } : parseRegistry(defaultRegistry);
  const isHub = HUB_NAMES.has(where.registry);
  return {
    type: 'registry',
    registry: isHub ? HUB_REGISTRY : where.registry,
    scheme: isHub ? 'https' : where.scheme,
    repository: isHub && !repository.includes('/') ? `library/${repository}` : repository,
    tag,
    digest,
  };
};

/** The same for all names of one image. */
export const referenceKey = (reference: ImageReference): string =>
  reference.type === 'file'
    ? `file:${reference.path}${reference.name === undefined ? '' : `#${reference.name}`}`
    : `${reference.registry}/${reference.repository}${
        reference.digest ? `@${reference.digest.text}` : `:${reference.tag}`
      }`;

/** Whether nobody between here and a registry could listen or lie. */
export const isLoopback = (registry: string): boolean =>
  /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])(:\d+)?$/.test(registry);

const parseFile = (name: string): FileReference => {
  const [location = '', ...fragment] = name.split('#');
  const image = fragment.join('#');
  let path: string;
  try {
    path = location.startsWith('file://') ? fileURLToPath(location) : location.slice('file:'.length);
  } catch {
    throw wrong(name, 'write file:/path');
  }
  if (!isAbsolute(path) || path.includes('\0')) {
    throw wrong(name, 'the path of its file has to be absolute');
  }
  return { type: 'file', path: normalize(path), name: image === '' ? undefined : image };
};

const isFolder = (registry: string): boolean => isAbsolute(registry) || registry.startsWith('file:');

const folderOf = (registry: string): string =>
  isAbsolute(registry) ? registry : fileURLToPath(registry.replace(/^file:(?!\/\/)/, 'file://'));

const parseRegistry = (registry: string): { registry: string; scheme: 'http' | 'https' | undefined } => {
  const [, scheme, host = ''] = /^(?:(https?):\/\/)?([^/]*)\/*$/.exec(registry) ?? [];
  if (!HOST.test(host))
    throw new ImageError(`The default registry ${registry} is neither a URL nor a folder`);
  return { registry: host, scheme: scheme === 'http' || scheme === 'https' ? scheme : undefined };
};

const wrong = (name: string, reason: string): ImageError =>
  new ImageError(`The image name '${name}' cannot be used: ${reason}`);
