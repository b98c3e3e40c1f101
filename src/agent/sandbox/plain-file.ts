import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { errorCode } from '../../runtime/error-message.ts';

const { O_NOFOLLOW, O_NONBLOCK } = constants;

/**
 * Opens a file in a folder that a task can write to, where a link may lie in its place by now: as root the agent would follow
 * it to whatever file of the machine it leads to. Throws unless it is a plain file of the owner, or of one name only.
 */
export const openPlainFile = (
  path: string,
  { flags, owner, mode = 0o644 }: { flags: number; owner: number; mode?: number },
): number => {
  const file = openOwn(path, flags | O_NOFOLLOW | O_NONBLOCK, mode);
  const found = fstatSync(file);
  // A second name may be somebody else's file.
  if (found.isFile() && (found.uid === owner || found.nlink === 1)) return file;
  closeSync(file);
  throw notPlain(path);
};

const openOwn = (path: string, flags: number, mode: number): number => {
  try {
    return openSync(path, flags, mode);
  } catch (error) {
    // A link, or a pipe that nobody reads.
    if (errorCode(error) === 'ELOOP' || errorCode(error) === 'ENXIO') throw notPlain(path, error);
    throw error;
  }
};

const notPlain = (path: string, cause?: unknown): Error =>
  new Error(`${path} is no plain file any more`, { cause });
