import { lstat, mkdir, realpath, rm } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { errorCode } from '../../runtime/error-message.ts';

/** Where a download goes. */
export interface Place {
  /** Of the file itself, and of what is unpacked from it. */
  readonly folder: string;
  readonly file: string;
}

/**
 * Makes the folder for a file of the sandbox, and room for the file. What was fetched before may have brought links along: one
 * that leads out of the sandbox is no folder here, unless it is one of the container's volumes. Throws then.
 */
export const placeIn = async (
  sandbox: string,
  output: string,
  volumes: readonly string[] = [],
): Promise<Place> => {
  const root = await realpath(sandbox);
  let folder = sandbox;
  const path: string[] = [];
  for (const part of dirname(output).split('/')) {
    if (part === '.' || part === '') continue;
    path.push(part);
    folder = join(folder, part);
    const found = await lookAt(folder);
    if (found === undefined) await mkdir(folder);
    if (!found?.isSymbolicLink() || volumes.includes(path.join('/'))) continue;
    const real = await realpath(folder).catch(() => undefined);
    if (real !== root && !real?.startsWith(`${root}${sep}`)) {
      throw new Error(`${path.join('/')} is a link that leads out of the sandbox`);
    }
  }
  const file = join(folder, basename(output));
  await makeRoom(file);
  return { folder, file };
};

/** Takes away what a file would be written through, if it is there: a link, or another name of a file that lies elsewhere. */
export const makeRoom = async (file: string): Promise<void> => {
  const found = await lookAt(file);
  if (found && !found.isDirectory()) await rm(file);
};

/** Undefined when there is nothing. */
export const lookAt = async (path: string): Promise<Awaited<ReturnType<typeof lstat>> | undefined> => {
  try {
    return await lstat(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
};
