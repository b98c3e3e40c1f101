import { readdir, rename, rm } from 'node:fs/promises';
import { MIRROR_FILE } from '../../../universe/mirroring/mirror-manifest.ts';

const EPOCH = new Date(0);

/** Packs a mirror into one file, which takes the place of an earlier one whole. */
export const packMirror = async (folder: string, file: string): Promise<void> => {
  const { create } = await import('tar');
  const draft = `${file}.new`;
  try {
    const present = await readdir(folder);
    const parts = [MIRROR_FILE, 'repo', 'files', 'images'].filter((part) => present.includes(part));
    await create(
      { file: draft, cwd: folder, portable: true, mtime: EPOCH, follow: false, filter: isWanted },
      parts,
    );
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
};

const isWanted = (path: string): boolean => !/(^|\/)part-/.test(path);
