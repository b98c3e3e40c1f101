import { readFile } from 'node:fs/promises';
import { errorCode, errorMessage } from '../../../runtime/error-message.ts';
import { isJsonObject } from '../../../universe/json/json.ts';
import { parseDocument } from '../../documents/parse-document.ts';
import { writeDocument } from '../../documents/write-document.ts';
import { CliError } from '../../errors/cli-error.ts';

/** Something that a package fetches, and what it was when it was locked. */
export interface LockedAsset {
  /** `uri`: what agents fetch; `image`: of a container; `cli`: what the command line fetches. */
  readonly kind: 'uri' | 'image' | 'cli';
  /** Its name in resource.json. */
  readonly name: string;
  /** The web address, coordinate or image reference. */
  readonly location: string;
  /** `sha256:…` of the content; missing where the content cannot be had, such as coordinates of other package systems. */
  readonly hash?: string;
}

export interface LockedPackage {
  readonly version: string;
  readonly releaseVersion?: number;
  /** URI of the repository, and the commit it was at; only Plenum's own service tells. */
  readonly source?: string;
  readonly commit?: string;
  /** `sha256:…` of the definition. */
  readonly definition: string;
  readonly assets: readonly LockedAsset[];
}

export interface PackageLock {
  readonly lockVersion: 1;
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

export const DEFAULT_LOCK_FILE = 'plenum-lock.yaml';

/** Reads a lock file, YAML or JSON by its name; undefined when there is none. Throws CliError. */
export const readLock = async (path: string): Promise<PackageLock | undefined> => {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw new CliError('failed', `${path} cannot be read: ${errorMessage(error)}`, { cause: error });
  }
  const document: unknown = await parseDocument({ name: path, text });
  if (isLock(document)) return document;
  throw new CliError('failed', `${path} is no lock file of version 1`, {
    hint: 'plenum package lock writes one',
  });
};

/** Throws CliError. */
export const writeLock = (path: string, lock: PackageLock): Promise<void> => writeDocument(path, lock);

const isLock = (document: unknown): document is PackageLock =>
  isJsonObject(document) &&
  document.lockVersion === 1 &&
  isJsonObject(document.packages) &&
  Object.values(document.packages).every(
    (entry) =>
      isJsonObject(entry) &&
      typeof entry.version === 'string' &&
      typeof entry.definition === 'string' &&
      Array.isArray(entry.assets) &&
      entry.assets.every(isAsset),
  );

const isAsset = (asset: unknown): boolean =>
  isJsonObject(asset) &&
  ['kind', 'name', 'location'].every((field) => typeof asset[field] === 'string') &&
  (asset.hash === undefined || typeof asset.hash === 'string');
