import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { extract, type ReadEntry } from 'tar';
import { RepositoryError } from '../universe/sources/repository-error.ts';

const FOLDER = 'mirrors';

/**
 * The folder of a mirror that is packed in one file, unpacked when it was not yet; any other address as it is. Links and
 * devices in the archive are passed over, names that lead out of it too. Throws RepositoryError.
 */
export const unpackedMirror = async (uri: string, cacheDir: string): Promise<string> => {
  const file = uri.startsWith('file:') ? fileURLToPath(uri) : uri;
  if (!file.startsWith('/') || !file.endsWith('.tar')) return uri;
  const stats = await stat(file).catch(() => undefined);
  if (!stats?.isFile()) throw new RepositoryError('unreachable', `There is no file ${file}`);
  const root = join(cacheDir, FOLDER);
  const name = `${stats.ino}-${stats.size}-${Math.round(stats.mtimeMs)}`;
  await mkdir(root, { recursive: true, mode: 0o700 });
  const present = await readdir(root);
  if (!present.includes(name)) await unpack(file, root, name);
  for (const other of present)
    if (other !== name) await rm(join(root, other), { recursive: true, force: true });
  return pathToFileURL(join(root, name)).href;
};

/** Beside its place, and put there whole. */
const unpack = async (file: string, root: string, name: string): Promise<void> => {
  const draft = await mkdtemp(join(root, 'new-'));
  try {
    const filter = (_path: string, entry: unknown): boolean => isPlain((entry as ReadEntry).type);
    await extract({ file, cwd: draft, filter, strict: false });
    await rename(draft, join(root, name));
  } catch (error) {
    throw new RepositoryError('bad-content', `${file} cannot be unpacked`, { cause: error });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
};

const isPlain = (type: string): boolean => type === 'File' || type === 'OldFile' || type === 'Directory';
