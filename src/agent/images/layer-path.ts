import { lstat, mkdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageError, quoteStranger } from '../../registry/image-error.ts';
import { errorCode } from '../../runtime/error-message.ts';

const MAX_LINKS = 40;

/** The parts of a path in an archive. Throws ImageError for one that leads out of the archive's root. */
export const partsOf = (path: string, depth: number): string[] => {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..') || path.includes('\0')) {
    throw new ImageError(`A layer has an entry that leads out of it: ${quoteStranger(path)}`);
  }
  if (parts.length > depth) throw new ImageError('A layer has folders nested too deeply');
  return parts;
};

/**
 * Finds the folder that parts lead to below a root, making what is missing. Links are followed as someone sees them
 * whose root folder this is: no link leads out. Nobody else may change what is below the root meanwhile.
 */
export const folderInRoot = async (root: string, parts: readonly string[]): Promise<string> => {
  let left = [...parts];
  let done: string[] = [];
  for (let links = 0; left.length > 0; ) {
    const [part = '', ...rest] = left;
    left = rest;
    if (part === '' || part === '.') continue;
    if (part === '..') {
      done = done.slice(0, -1);
      continue;
    }
    const path = join(root, ...done, part);
    const kind = await kindOf(path);
    if (kind === 'missing') await mkdir(path, { mode: 0o755 });
    if (kind === 'missing' || kind === 'folder') {
      done = [...done, part];
      continue;
    }
    if (kind === 'file')
      throw new ImageError(`A layer has an entry below a file: ${quoteStranger(parts.join('/'))}`);
    links++;
    if (links > MAX_LINKS)
      throw new ImageError(`A layer has links in a circle: ${quoteStranger(parts.join('/'))}`);
    const target = await readlink(path);
    if (target.startsWith('/')) done = [];
    left = [...target.split('/'), ...left];
  }
  return join(root, ...done);
};

const kindOf = async (path: string): Promise<'missing' | 'folder' | 'link' | 'file'> => {
  try {
    const found = await lstat(path);
    if (found.isDirectory()) return 'folder';
    return found.isSymbolicLink() ? 'link' : 'file';
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 'missing';
    throw error;
  }
};
