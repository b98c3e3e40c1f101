import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, readdir, readlink, realpath, stat } from 'node:fs/promises';
import { basename, extname, join, normalize, sep } from 'node:path';
import type { FileInfo } from '../../mesos/generated/mesos.ts';
import { errorCode } from '../../runtime/error-message.ts';
import { nameOfGroup, nameOfUser } from '../processes/system-user.ts';

/** What a file request was refused with. */
export type FileRefusal = { type: 'missing' } | { type: 'forbidden' } | { type: 'folder' };

/** The name of the agent's own log, as in Mesos. */
const AGENT_LOG = '/slave/log';
/** The most that one read gives (mesos.md 3.11): 16 pages. */
export const MAX_READ_BYTES = 65_536;

/**
 * The files that the agent shows: sandboxes, under their real paths, and under the names that /files/debug lists. A link
 * in a sandbox may lead to another place of the work folder, such as a volume, but not out of it.
 */
export class SandboxFiles {
  readonly #root: string;
  readonly #attached: () => ReadonlyMap<string, string>;
  readonly #logFile: string | undefined;

  /**
   * `attached` gives the real path for every name under which a sandbox can be asked for; `logFile` is the agent's own log,
   * where it is kept in a file.
   */
  constructor(workDir: string, attached: () => ReadonlyMap<string, string>, logFile?: string) {
    this.#root = workDir;
    this.#attached = attached;
    this.#logFile = logFile;
  }

  /** Names and the real paths behind them. */
  get names(): Record<string, string> {
    const own: [string, string][] = this.#logFile === undefined ? [] : [[AGENT_LOG, this.#logFile]];
    return Object.fromEntries([...this.#attached(), ...own].sort(([one], [other]) => (one < other ? -1 : 1)));
  }

  /** The entries of a folder by path; a file has none. */
  async list(path: string): Promise<FileInfo[] | FileRefusal> {
    const folder = await this.#open(path);
    if ('type' in folder) return folder;
    try {
      const place = placeOf(folder);
      const names = (await readdir(place)).sort();
      const shown = path.replace(/\/+$/, '');
      const found = await Promise.all(names.map((name) => describe(join(place, name), `${shown}/${name}`)));
      return found.filter((info) => info !== undefined);
    } catch (error) {
      if (errorCode(error) === 'ENOTDIR') return [];
      return { type: 'missing' };
    } finally {
      await folder.file.close();
    }
  }

  /** A piece of a file, and how long the file is. */
  async read(
    path: string,
    offset: number,
    length: number | undefined,
  ): Promise<{ data: Buffer; size: number } | FileRefusal> {
    const opened = await this.#open(path);
    if ('type' in opened) return opened;
    const { file } = opened;
    try {
      const found = await file.stat();
      if (found.isDirectory()) return { type: 'folder' };
      const wanted = Math.min(length ?? MAX_READ_BYTES, MAX_READ_BYTES, Math.max(0, found.size - offset));
      const data = Buffer.alloc(wanted);
      const { bytesRead } = wanted > 0 ? await file.read(data, 0, wanted, offset) : { bytesRead: 0 };
      return { data: data.subarray(0, bytesRead), size: found.size };
    } finally {
      await file.close();
    }
  }

  /** A file to send as it is; whoever asks closes it. */
  async open(path: string): Promise<{ file: FileHandle; size: number; name: string } | FileRefusal> {
    const opened = await this.#open(path);
    if ('type' in opened) return opened;
    const { file } = opened;
    const found = await file.stat();
    if (found.isFile()) return { file, size: found.size, name: basename(path) };
    await file.close();
    return { type: 'folder' };
  }

  /**
   * What a name stands for, if it lies where it may. A task can put a link in its place between the look and the opening:
   * what counts is where the file lies that was opened.
   */
  async #open(path: string): Promise<OpenedFile | FileRefusal> {
    const place = await this.#resolve(path);
    if (typeof place !== 'string') return place;
    let file: FileHandle;
    try {
      // A named pipe in a sandbox would keep whoever opens it waiting for its writer.
      file = await open(place, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    } catch {
      return { type: 'missing' };
    }
    try {
      const opened = { file, place };
      const isAllowed = place === this.#logFile || (await this.#isInside(await realPlaceOf(opened)));
      if (isAllowed) return opened;
    } catch (error) {
      await file.close();
      throw error;
    }
    await file.close();
    return { type: 'forbidden' };
  }

  /** The real path behind a name, if it lies where it may. */
  async #resolve(path: string): Promise<string | FileRefusal> {
    if (path.includes('\0')) return { type: 'missing' };
    const wanted = normalize(path);
    if (wanted === AGENT_LOG && this.#logFile !== undefined) return this.#logFile;
    for (const [name, place] of this.#attached()) {
      if (wanted !== name && !wanted.startsWith(`${name}/`)) continue;
      const real = await realpath(join(place, wanted.slice(name.length))).catch(() => undefined);
      if (real === undefined) return { type: 'missing' };
      return (await this.#isInside(real)) ? real : { type: 'forbidden' };
    }
    return { type: 'missing' };
  }

  async #isInside(real: string): Promise<boolean> {
    return real.startsWith(`${await realpath(this.#root)}${sep}`);
  }
}

interface OpenedFile {
  readonly file: FileHandle;
  /** The path that it was opened by. */
  readonly place: string;
}

const IS_LINUX = process.platform === 'linux';

/** A path that leads to what was opened, whatever lies in its old place by now; only Linux has one. */
const placeOf = ({ file, place }: OpenedFile): string => (IS_LINUX ? `/proc/self/fd/${file.fd}` : place);

const realPlaceOf = (opened: OpenedFile): Promise<string> =>
  IS_LINUX ? readlink(placeOf(opened)) : realpath(opened.place);

const describe = async (real: string, shown: string): Promise<FileInfo | undefined> => {
  // What a link leads to is shown, and a link that leads nowhere as what it is.
  const found = await stat(real).catch(() => lstat(real).catch(() => undefined));
  return found && fileInfo(found, shown);
};

const fileInfo = (found: Stats, path: string): FileInfo => ({
  path,
  nlink: found.nlink,
  size: found.size,
  mtime: { nanoseconds: Math.floor(found.mtimeMs / 1000) * 1e9 },
  mode: found.mode,
  uid: nameOfUser(found.uid),
  gid: nameOfGroup(found.gid),
});

const KINDS: Readonly<Record<number, string>> = { 4: 'd', 8: '-', 10: 'l', 12: 's', 1: 'p', 2: 'c', 6: 'b' };

/** A mode as `ls -l` writes it. */
export const modeText = (mode: number): string => {
  const bits = [8, 7, 6, 5, 4, 3, 2, 1, 0].map((bit) => ((mode >> bit) & 1 ? 'rwx'[(8 - bit) % 3] : '-'));
  return `${KINDS[mode >> 12] ?? '?'}${bits.join('')}`;
};

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.css': 'text/css',
  '.js': 'application/javascript',
  '.json': 'application/json',
  '.txt': 'text/plain',
  '.log': 'text/plain',
  '.xml': 'text/xml',
  '.png': 'image/png',
  '.gif': 'image/gif',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.pdf': 'application/pdf',
  '.gz': 'application/x-gzip',
  '.tgz': 'application/x-gzip',
  '.zip': 'application/zip',
};

export const contentType = (name: string): string =>
  TYPES[extname(name).toLowerCase()] ?? 'application/octet-stream';
