import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readlink, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { groupsOf, type UserIdentity } from '../processes/system-user.ts';

const READ = 4;
const SEARCH = 1;

/** The agent may read everything; a task's user gets only what he could read himself, as Mesos' fetcher runs as him. */
export interface ReadRights {
  /** Opens a file as the user would. Throws for what he may not read. The caller closes it. */
  open(path: string): Promise<FileHandle>;
  /** Throws unless he may read a file or folder. */
  demand(path: string): Promise<void>;
}

export const readRightsOf = (user: UserIdentity | undefined): ReadRights => {
  if (user === undefined || user.uid === 0 || process.getuid?.() !== 0) {
    return { open: (path) => open(path), demand: async () => undefined };
  }
  const groups = new Set(groupsOf(user));
  const may = ({ uid, gid, mode }: Owned, wanted: number): boolean => {
    const shift = uid === user.uid ? 6 : groups.has(gid) ? 3 : 0;
    return ((mode >> shift) & wanted) === wanted;
  };
  const demandWay = async (real: string): Promise<void> => {
    for (let folder = dirname(real); ; folder = dirname(folder)) {
      if (!may(await stat(folder), SEARCH)) throw refused(real, user);
      if (folder === dirname(folder)) return;
    }
  };
  return {
    demand: async (path) => {
      const real = await realpath(path);
      const found = await stat(real);
      await demandWay(real);
      if (!may(found, found.isDirectory() ? READ | SEARCH : READ)) throw refused(path, user);
    },
    // What counts is what was opened, whatever lies in its place by then.
    open: async (path) => {
      const file = await open(
        await realpath(path),
        constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
      );
      try {
        await demandWay(await readlink(`/proc/self/fd/${file.fd}`));
        if (!may(await file.stat(), READ)) throw refused(path, user);
        return file;
      } catch (error) {
        await file.close();
        throw error;
      }
    },
  };
};

interface Owned {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

const refused = (path: string, { uid }: UserIdentity): Error =>
  new Error(`the user ${uid} of the task may not read ${path}`);

/** For copies of folders: links are taken as they are, and so need no rights. */
export const isReadableEntry =
  (rights: ReadRights) =>
  async (path: string): Promise<boolean> => {
    if (!(await lstat(path)).isSymbolicLink()) await rights.demand(path);
    return true;
  };
