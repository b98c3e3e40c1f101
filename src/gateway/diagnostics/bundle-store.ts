import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bundle, isBundleId } from './bundle.ts';

/** Bundles on disk, a folder each: `bundle.json` says what it is, `bundle.zip` is it. Rejects with the system's error. */
export interface BundleStore {
  /** The oldest first. What was being made when the process died has failed. */
  list(): Promise<readonly Bundle[]>;
  find(id: string): Promise<Bundle | undefined>;
  save(bundle: Bundle): Promise<void>;
  archiveOf(id: string): string;
  sizeOf(id: string): Promise<number>;
  /** The archive is gone, and that it was there is remembered. */
  removeArchive(id: string): Promise<void>;
  /** Nothing is remembered either. */
  forget(id: string): Promise<void>;
}

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

export const createBundleStore = (folder: string, isBeingMade: (id: string) => boolean): BundleStore => {
  const folderOf = (id: string): string => join(folder, id);
  const archiveOf = (id: string): string => join(folderOf(id), 'bundle.zip');
  const find = async (id: string): Promise<Bundle | undefined> => {
    if (!isBundleId(id)) return undefined;
    // It may begin or be done while the file is read.
    const wasBeingMade = isBeingMade(id);
    const bundle = await readBundle(join(folderOf(id), 'bundle.json'));
    if (bundle?.status !== 'InProgress' || wasBeingMade || isBeingMade(id)) return bundle;
    return { ...bundle, status: 'Failed', errors: ['Plenum was stopped meanwhile'] };
  };
  return {
    find,
    list: async () => {
      const names = await namesIn(folder);
      const bundles = await Promise.all(names.map(find));
      return bundles
        .filter((bundle) => bundle !== undefined)
        .sort((one, other) => (one.started_at < other.started_at ? -1 : 1));
    },
    save: async (bundle) => {
      await mkdir(folderOf(bundle.id), { recursive: true, mode: FOLDER_MODE });
      const file = join(folderOf(bundle.id), 'bundle.json');
      await writeFile(`${file}.new`, JSON.stringify(bundle), { mode: FILE_MODE });
      await rename(`${file}.new`, file);
    },
    archiveOf,
    sizeOf: async (id) => (await stat(archiveOf(id))).size,
    removeArchive: (id) => rm(archiveOf(id), { force: true }),
    forget: (id) => rm(folderOf(id), { recursive: true, force: true }),
  };
};

const namesIn = async (folder: string): Promise<readonly string[]> => {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
};

const readBundle = async (file: string): Promise<Bundle | undefined> => {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Bundle;
  } catch {
    // Not yet written, or half written by a process that died: then there is no such bundle.
    return undefined;
  }
};
