import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, mkdtemp, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { indentedJson } from '../authoring/indented-json.ts';
import type { JsonObject } from '../json/json.ts';
import { parseJson } from '../json/parse-json.ts';
import { signFile } from '../signing/sign-file.ts';
import type { SigningKey } from '../signing/signing-key.ts';
import { RepositoryError } from '../sources/repository-error.ts';
import type { BuiltPackage } from './built-package.ts';
import { packagesForRelease, repositoryPieces } from './packages-for-release.ts';
import {
  compareVersions,
  type RepositoryVersion,
  repositoryMediaType,
  repositoryVersionOf,
} from './releases.ts';

export const INDEX_FILE = 'index.json';
/** Says that a folder is ours to write anew. */
const INDEX_FORMAT = 'plenum.universe.build/1';

export interface WrittenFile {
  /** Below the folder. */
  readonly path: string;
  readonly contentType: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Writes a built repository for web servers (reference 1.10): for each release of DC/OS a file with all packages and one
 * per package, each with its media type beside it, all packages without regard to releases, and an index of all that. The
 * same packages give the same bytes. With a key there is a signature beside each file. The folder is replaced as a whole; one that no build has made is not touched: throws
 * RepositoryError.
 */
export const writeBuild = async (
  folder: string,
  packages: readonly BuiltPackage[],
  releases: readonly string[],
  key?: SigningKey,
): Promise<readonly WrittenFile[]> => {
  await refuseForeign(folder);
  await mkdir(dirname(folder), { recursive: true });
  const draft = await mkdtemp(`${folder}.new-`);
  try {
    const files = await writeFiles(draft, packages, releases, key);
    await writePieces(join(draft, INDEX_FILE), [indentedJson(indexOf(packages, files, releases))]);
    // Web servers run as another user.
    await chmod(draft, 0o755);
    await replace(folder, draft);
    return files;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
};

const writeFiles = async (
  folder: string,
  packages: readonly BuiltPackage[],
  releases: readonly string[],
  key: SigningKey | undefined,
): Promise<readonly WrittenFile[]> => {
  const files: WrittenFile[] = [];
  const write = async (name: string, version: RepositoryVersion, jsons: Iterable<string>): Promise<void> => {
    const contentType = repositoryMediaType(version);
    const path = `${name}.json`;
    files.push({ path, contentType, ...(await writePieces(join(folder, path), repositoryPieces(jsons))) });
    await writePieces(join(folder, `${name}.content_type`), [contentType]);
    if (key) await signFile(join(folder, path), key);
  };
  await write(
    'universe',
    'v5',
    packages.map(({ json }) => json),
  );
  await write('repo-empty-v3', 'v3', []);
  for (const release of releases) {
    const version = repositoryVersionOf(release);
    await write(`repo-up-to-${release}`, version, packagesForRelease(packages, release));
    for (const [name, own] of byName(packages)) {
      const jsons = [...packagesForRelease(own, release)];
      if (jsons.length > 0) await write(`${release}/package/${name}`, version, jsons);
    }
  }
  return files;
};

const byName = (packages: readonly BuiltPackage[]): ReadonlyMap<string, readonly BuiltPackage[]> => {
  const names = new Map<string, BuiltPackage[]>();
  for (const built of packages) names.set(built.name, [...(names.get(built.name) ?? []), built]);
  return names;
};

const writePieces = async (
  path: string,
  pieces: Iterable<string>,
): Promise<{ bytes: number; sha256: string }> => {
  await mkdir(dirname(path), { recursive: true });
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(path, 'wx');
  try {
    for (const piece of pieces) {
      const chunk = Buffer.from(piece);
      hash.update(chunk);
      bytes += chunk.length;
      await file.writeFile(chunk);
    }
  } finally {
    await file.close();
  }
  return { bytes, sha256: hash.digest('hex') };
};

/** What there is, for people and programs: which packages in which versions, and the hash of every file. */
const indexOf = (
  packages: readonly BuiltPackage[],
  files: readonly WrittenFile[],
  releases: readonly string[],
): JsonObject => ({
  format: INDEX_FORMAT,
  packages: Object.fromEntries(
    [...byName(packages)].map(([name, own]) => [
      name,
      own.map(({ version, revision, packagingVersion, minimumRelease, json }) => ({
        version,
        revision,
        packagingVersion,
        minDcosReleaseVersion: minimumRelease,
        releases: releases.filter((release) => compareVersions(minimumRelease, release) <= 0),
        sha256: createHash('sha256').update(json).digest('hex'),
      })),
    ]),
  ),
  files: files.map(({ path, contentType, bytes, sha256 }) => ({ path, contentType, bytes, sha256 })),
});

const refuseForeign = async (folder: string): Promise<void> => {
  const stats = await lstat(folder).catch(() => undefined);
  if (!stats) return;
  if (stats.isDirectory() && (await readdir(folder)).length === 0) return;
  const index = await readFile(join(folder, INDEX_FILE), 'utf8').then(parseJson, () => null);
  if (typeof index === 'object' && index !== null && 'format' in index && index.format === INDEX_FORMAT)
    return;
  throw new RepositoryError(
    'bad-content',
    `${folder} holds something else than a built repository: nothing was written`,
  );
};

/** For a moment there is none; who serves the folder finds either all of the old files or all of the new ones. */
const replace = async (folder: string, draft: string): Promise<void> => {
  const old = `${draft}.old`;
  const hadOld = await rename(folder, old).then(
    () => true,
    () => false,
  );
  await rename(draft, folder);
  if (hadOld) await rm(old, { recursive: true, force: true });
};
