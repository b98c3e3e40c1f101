import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../../runtime/error-message.ts';

/** Where a path leads without passing a link; undefined when there is nothing, or a link is on the way. */
export const realPath = async (root: string, parts: readonly string[]): Promise<string | undefined> => {
  let path = root;
  for (const [index, part] of parts.entries()) {
    path = join(path, part);
    const found = await lstat(path).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined;
      throw error;
    });
    if (!found || (index < parts.length - 1 && !found.isDirectory())) return undefined;
  }
  return path;
};
