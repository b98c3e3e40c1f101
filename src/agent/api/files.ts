import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, readdir, readlink, realpath, stat } from 'node:fs/promises';
import { basename, extname, join, normalize, sep } from 'node:path';
import type { OpenFile } from '../../http/send-open-file.ts';
import type { FileInfo } from '../../mesos/generated/mesos.ts';
import { MAX_READ_BYTES } from '../../mesos/v0/files-query.ts';
import { errorCode } from '../../runtime/error-message.ts';
import { type FilePiece, readPiece } from '../../runtime/read-piece.ts';
import { nameOfGroup, nameOfUser } from '../processes/system-user.ts';
import type { AttachedSandbox } from './attached-sandboxes.ts';
import type { Permission } from './permission.ts';

/** What a file request was refused with. */
export type FileRefusal = { type: 'missing' } | { type: 'forbidden' } | { type: 'folder' };

/** The name of the agent's own log, as in Mesos. */
const AGENT_LOG = '/slave/log';

/** Who asks for files. */
export type FileReader = Pick<Permission, 'may'>;

/**
 * The files that the agent shows: sandboxes, under their real paths, and under the names that /files/debug lists. A link
 * in a sandbox may lead to another place of the work folder, such as a volume, but not out of it, nor into a sandbox that who
 * asks may not see.
 */
export class SandboxFiles {
  readonly #root: string;
  readonly #attached: () => ReadonlyMap<string, AttachedSandbox>;
  readonly #logFile: string | undefined;

  /**
   * `attached` gives the sandbox for every name under which one can be asked for; `logFile` is the agent's own log, where it
   * is kept in a file.
   */
  constructor(workDir: string, attached: () => ReadonlyMap<string, AttachedSandbox>, logFile?: string) {
    this.#root = workDir;
    this.#attached = attached;
    this.#logFile = logFile;
  }

  /** Names and the real paths behind them. */
  namesFor(reader: FileReader): Record<string, string> {
    const isLogShown = this.#logFile !== undefined && reader.may('access_mesos_logs');
    const own: [string, string][] = isLogShown ? [[AGENT_LOG, this.#logFile]] : [];
    const sandboxes = [...this.#attached()].flatMap(([name, { folder, user }]): [string, string][] =>
      reader.may('access_sandboxes', user) ? [[name, folder]] : [],
    );
    return Object.fromEntries([...sandboxes, ...own].sort(([one], [other]) => (one < other ? -1 : 1)));
  }

  /** The entries of a folder by path; a file has none. */
  async list(path: string, reader: FileReader): Promise<FileInfo[] | FileRefusal> {
    const folder = await this.#open(path, reader);
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
    { offset, length, reader }: { offset: number; length: number | undefined; reader: FileReader },
  ): Promise<FilePiece | FileRefusal> {
    const opened = await this.#open(path, reader);
    if ('type' in opened) return opened;
    const { file } = opened;
    try {
      if ((await file.stat()).isDirectory()) return { type: 'folder' };
      return await readPiece(file, {
        offset,
        length: Math.min(length ?? MAX_READ_BYTES, MAX_READ_BYTES),
      });
    } finally {
      await file.close();
    }
  }

  /** A file to send as it is; whoever asks closes it. */
  async open(path: string, reader: FileReader): Promise<OpenFile | FileRefusal> {
    const opened = await this.#open(path, reader);
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
  async #open(path: string, reader: FileReader): Promise<OpenedFile | FileRefusal> {
    const place = await this.#resolve(path, reader);
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
      const isAllowed = place === this.#logFile || (await this.#isOpenTo(reader, await realPlaceOf(opened)));
      if (isAllowed) return opened;
    } catch (error) {
      await file.close();
      throw error;
    }
    await file.close();
    return { type: 'forbidden' };
  }

  /** The real path behind a name, if it lies where it may. */
  async #resolve(path: string, reader: FileReader): Promise<string | FileRefusal> {
    if (path.includes('\0')) return { type: 'missing' };
    const wanted = normalize(path);
    if (wanted === AGENT_LOG && this.#logFile !== undefined) {
      return reader.may('access_mesos_logs') ? this.#logFile : { type: 'forbidden' };
    }
    for (const [name, { folder, user }] of this.#attached()) {
      if (wanted !== name && !wanted.startsWith(`${name}/`)) continue;
      // Whether there is such a file is nothing for those who may not see it.
      if (!reader.may('access_sandboxes', user)) return { type: 'forbidden' };
      const real = await realpath(join(folder, wanted.slice(name.length))).catch(() => undefined);
      if (real === undefined) return { type: 'missing' };
      return (await this.#isOpenTo(reader, real)) ? real : { type: 'forbidden' };
    }
    return { type: 'missing' };
  }

  /** By the place itself, whatever name led there. */
  async #isOpenTo(reader: FileReader, real: string): Promise<boolean> {
    const root = await realpath(this.#root);
    if (!real.startsWith(`${root}${sep}`)) return false;
    const inWorkDir = join(this.#root, real.slice(root.length));
    const owner = [...this.#attached().values()].find(
      ({ folder }) => inWorkDir === folder || inWorkDir.startsWith(`${folder}/`),
    );
    return owner === undefined || reader.may('access_sandboxes', owner.user);
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
