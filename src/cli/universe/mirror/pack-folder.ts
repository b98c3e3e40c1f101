import { readdir } from 'node:fs/promises';

const EPOCH = new Date(0);

/** Packs what is in a folder: the same files make the same archive. */
export const packFolder = async (folder: string, file: string): Promise<void> => {
  const { create } = await import('tar');
  const names = (await readdir(folder)).sort();
  await create({ file, cwd: folder, gzip: true, portable: true, mtime: EPOCH, follow: false }, names);
};
