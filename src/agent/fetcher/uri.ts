import { basename, isAbsolute, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CommandInfoURI } from '../../mesos/generated/mesos.ts';

/** Where something that a command needs comes from. */
export type Source =
  | { type: 'http'; url: string }
  | { type: 'file'; path: string }
  | {
      type: 'maven';
      group: string;
      artifact: string;
      version: string;
      /** With everything that it needs at run time. */
      isTransitive: boolean;
      classifier: string | undefined;
      packaging: string;
    }
  | { type: 'npm'; name: string; version: string }
  /** What coordinates stand for, from a mirror that has it ready: a file, or an archive of what would be a folder. */
  | { type: 'mirror'; url: string; of: Extract<Source, { type: 'maven' | 'npm' }> }
  /** Fetched by a program of the machine. */
  | {
      type: 'tool';
      scheme: string;
      program: string;
      location: string;
      arguments: (target: string) => readonly string[];
    };

export interface Checksum {
  algorithm: string;
  /** Lower-case hexadecimal. */
  digest: string;
}

/** A URI of a command, understood. */
export interface Download {
  /** As it was written, without a password. */
  readonly shown: string;
  readonly source: Source;
  readonly checksum: Checksum | undefined;
  /** Path in the sandbox. */
  readonly output: string;
  readonly isExecutable: boolean;
  readonly isExtracted: boolean;
  readonly isCached: boolean;
}

const CHECKSUM = /#(sha1|sha256|sha384|sha512|md5)[=:]([0-9a-f]+)$/i;
/** Coordinates become arguments of programs and parts of an XML file: nothing that means something there. */
const COORDINATE = /^[A-Za-z0-9_][A-Za-z0-9_.+-]*$/;
const NPM = /^((?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*)(?:@([A-Za-z0-9^~><=*. |+-]+))?$/i;

/** Understands a URI, or throws with what is wrong about it. Relative paths begin at `home`, where there is one. */
export const parseUri = (uri: CommandInfoURI, home?: string): Download => {
  const [, algorithm, digest] = CHECKSUM.exec(uri.value) ?? [];
  const location = uri.value.replace(CHECKSUM, '');
  const source = parseSource(location, home);
  const output = safeOutput(uri.output_file ?? defaultOutput(source, location));
  return {
    shown: withoutPassword(location),
    source,
    checksum:
      algorithm === undefined || digest === undefined
        ? undefined
        : { algorithm: algorithm.toLowerCase(), digest: digest.toLowerCase() },
    output,
    isExecutable: uri.executable ?? false,
    isExtracted: (uri.extract ?? true) && !(uri.executable ?? false),
    isCached: uri.cache ?? false,
  };
};

const parseSource = (location: string, home: string | undefined): Source => {
  if (/^https?:/i.test(location)) {
    if (!URL.canParse(location)) throw new Error(`${withoutPassword(location)} is not a valid URL`);
    return { type: 'http', url: location };
  }
  if (location.startsWith('file:')) return { type: 'file', path: fileURLToPath(location) };
  if (location.startsWith('maven:') || location.startsWith('npm:')) return parseCoordinates(location);
  const [, scheme] = /^([a-z][a-z0-9+.-]+):/i.exec(location) ?? [];
  if (scheme !== undefined) return parseForTool(scheme.toLowerCase(), location);
  if (isAbsolute(location)) return { type: 'file', path: location };
  if (home === undefined) throw new Error(`${location} is neither a URI nor an absolute path`);
  return { type: 'file', path: join(home, location) };
};

/** Schemes of Hadoop's file systems, which its client knows, and those of curl (mesos.md 6.3). */
const HADOOP: ReadonlySet<string> = new Set(['hdfs', 'hftp', 's3', 's3a', 's3n', 'viewfs', 'webhdfs']);
const CURL: ReadonlySet<string> = new Set(['ftp', 'ftps']);

const parseForTool = (scheme: string, location: string): Source => {
  const common = { type: 'tool' as const, scheme, location };
  if (HADOOP.has(scheme)) {
    const command = (target: string) => ['fs', '-copyToLocal', location, target];
    return { ...common, program: 'hadoop', arguments: command };
  }
  if (CURL.has(scheme)) {
    const command = (target: string) => [
      '--fail',
      '--silent',
      '--show-error',
      '--output',
      target,
      '--',
      location,
    ];
    return { ...common, program: 'curl', arguments: command };
  }
  throw new Error(`${scheme}: is not supported: use https:, http:, ftp:, file:, hdfs:, maven: or npm:`);
};

/** Coordinates, from a mirror when they say `from=URL`: no client of a package registry is needed then. */
const parseCoordinates = (location: string): Source => {
  const [coordinates = '', query = ''] = location.split('?');
  const parameters = new URLSearchParams(query);
  const url = parameters.get('from');
  const of = location.startsWith('maven:')
    ? parseMaven(location)
    : parseNpm(url === null ? location : coordinates);
  if (url === null) return of;
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) throw new Error(`${url} is no URL of a mirror`);
  return { type: 'mirror', url, of };
};

const parseMaven = (location: string): Extract<Source, { type: 'maven' }> => {
  const [coordinates = '', query = ''] = location.slice('maven:'.length).split('?');
  const parameters = new URLSearchParams(query);
  const [group = '', artifact = '', version = '', ...rest] = coordinates.split(':');
  const classifier = parameters.get('classifier') ?? undefined;
  const packaging = parameters.get('type') ?? 'jar';
  const parts = [group, artifact, version, packaging, ...(classifier === undefined ? [] : [classifier])];
  if (rest.length > 0 || !parts.every((part) => COORDINATE.test(part))) {
    throw new Error(
      `${location} is not a Maven coordinate: write maven:group:artifact:version[?transitive][&classifier=…][&type=…]`,
    );
  }
  const isTransitive = parameters.has('transitive') && parameters.get('transitive') !== 'false';
  return { type: 'maven', group, artifact, version, isTransitive, classifier, packaging };
};

const parseNpm = (location: string): Extract<Source, { type: 'npm' }> => {
  const [, name, version = 'latest'] = NPM.exec(location.slice('npm:'.length)) ?? [];
  if (name === undefined) throw new Error(`${location} is not an npm package: write npm:name@version`);
  return { type: 'npm', name, version };
};

/** The last part of the location, its query included, as Mesos names files; packages give their own name. */
const defaultOutput = (source: Source, location: string): string => {
  switch (source.type) {
    case 'http':
      return basename(location.replace(/^https?:\/\/[^/]*/i, '')) || 'index';
    case 'file':
      return basename(source.path);
    case 'maven':
      return source.isTransitive ? source.artifact : mavenFileName(source);
    case 'npm':
      return basename(source.name);
    case 'mirror':
      return defaultOutput(source.of, location);
    case 'tool':
      return basename(source.location.replace(/^[^:]*:\/\/[^/]*/, '')) || 'index';
  }
};

/** The name of an artifact's file in a Maven repository. */
export const mavenFileName = (source: Extract<Source, { type: 'maven' }>): string =>
  `${source.artifact}-${source.version}${source.classifier === undefined ? '' : `-${source.classifier}`}.${source.packaging}`;

const safeOutput = (output: string): string => {
  const normal = normalize(output);
  if (
    isAbsolute(normal) ||
    normal === '.' ||
    normal === '..' ||
    normal.startsWith('../') ||
    normal.includes('\0')
  ) {
    throw new Error(`The output file '${output}' is not a path inside the sandbox`);
  }
  return normal;
};

const withoutPassword = (location: string): string => location.replace(/^([a-z0-9+.-]+:\/\/)[^/@]*@/i, '$1');
