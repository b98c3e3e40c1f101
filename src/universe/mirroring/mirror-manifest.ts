import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { indentedJson } from '../authoring/indented-json.ts';
import { isJsonObject, type Json } from '../json/json.ts';
import { parseJson } from '../json/parse-json.ts';
import { RepositoryError } from '../sources/repository-error.ts';

/** What a mirror holds, by the addresses that packages use. Beside it lie `repo/packages`, `files/` and `images/`. */
export interface MirrorManifest {
  /** By address: `http(s):`, `maven:`, `npm:`. */
  readonly files: Readonly<Record<string, MirroredFile>>;
  /** By image reference; manifests and blobs are in the OCI layout `images/`. */
  readonly images: Readonly<Record<string, MirroredImage>>;
  readonly missing: readonly MissingItem[];
}

export interface MirroredFile {
  /** Below the mirror. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface MirroredImage {
  /** Repository under which it is served. */
  readonly name: string;
  readonly tag: string;
  readonly digest: string;
  readonly mediaType: string;
}

export interface MissingItem {
  readonly address: string;
  readonly packages: readonly string[];
  readonly reason: string;
  readonly isPicture: boolean;
}

export const MIRROR_FILE = 'mirror.json';
export const EMPTY_MIRROR: MirrorManifest = { files: {}, images: {}, missing: [] };
const FORMAT = 'plenum.universe.mirror/1';
const PATH = /^files\/[0-9a-f]{64}\/[^/\\\0]{1,255}$/;
const DIGEST = /^sha(256:[0-9a-f]{64}|512:[0-9a-f]{128})$/;
const NAME = /^[a-z0-9._:/-]{1,512}$/i;

/** Undefined when the folder is no mirror. Throws RepositoryError when it is one that is damaged. */
export const readMirror = async (folder: string): Promise<MirrorManifest | undefined> => {
  const text = await readFile(join(folder, MIRROR_FILE), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const value = parsed(text);
  if (!isMirror(value)) throw new RepositoryError('bad-content', `${join(folder, MIRROR_FILE)} is damaged`);
  return value;
};

/** Whoever reads at the same time sees the old or the new, never a half. */
export const writeMirror = async (folder: string, manifest: MirrorManifest): Promise<void> => {
  const file = join(folder, MIRROR_FILE);
  const sorted = {
    format: FORMAT,
    ...manifest,
    files: inOrder(manifest.files),
    images: inOrder(manifest.images),
  };
  await writeFile(`${file}.new`, indentedJson(sorted as unknown as Json));
  await rename(`${file}.new`, file);
};

const inOrder = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1)));

const parsed = (text: string): Json => {
  try {
    return parseJson(text);
  } catch {
    return null;
  }
};

/** Paths and digests become names of files: what is not as it is written here is not believed. */
const isMirror = (value: unknown): value is MirrorManifest => {
  if (!isJsonObject(value) || value.format !== FORMAT) return false;
  const { files, images, missing } = value;
  return (
    isJsonObject(files) &&
    isJsonObject(images) &&
    Array.isArray(missing) &&
    Object.values(files).every(
      (file) => isJsonObject(file) && typeof file.path === 'string' && PATH.test(file.path),
    ) &&
    Object.values(images).every(
      (image) =>
        isJsonObject(image) &&
        typeof image.name === 'string' &&
        NAME.test(image.name) &&
        typeof image.tag === 'string' &&
        typeof image.mediaType === 'string' &&
        typeof image.digest === 'string' &&
        DIGEST.test(image.digest),
    )
  );
};
