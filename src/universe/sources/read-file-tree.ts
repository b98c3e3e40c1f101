import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { join, sep } from 'node:path';
import { promisify } from 'node:util';
import { mapConcurrently } from '../map-concurrently.ts';
import {
  type FileTree,
  LARGEST_FILE_BYTES,
  MOST_FILES,
  PACKAGE_FOLDERS,
  type PackageProblem,
  REVISION_FILES,
  type TreeFile,
} from './file-tree.ts';
import { RepositoryError } from './repository-error.ts';

/** `C/cassandra/0/package.json`: folders are entered to this depth. */
const FILE_DEPTH = 4;
/** What the disk is asked at once. */
const MOST_AT_ONCE = 64;

// Of thousands of small questions these take half the time that those of node:fs/promises take.
const [lstat, stat, readdir, realpath] = [
  promisify(fs.lstat),
  promisify(fs.stat),
  promisify(fs.readdir),
  promisify(fs.realpath),
];
const [open, fstat, read, close] = [
  promisify(fs.open),
  promisify(fs.fstat),
  promisify(fs.read),
  promisify(fs.close),
];

/** The tree of a folder repository on disk, and a text that changes whenever one of its files does. */
export interface FolderTree extends FileTree {
  readonly signature: string;
}

/**
 * Lists the files of a folder repository. Symbolic links are followed within the repository only; what leads out of it,
 * and what is neither file nor folder, is a problem. Throws RepositoryError when there is no packages folder.
 */
export const readFolderTree = async (folder: string): Promise<FolderTree> => {
  const packages = await findPackages(folder);
  const root = await realpath(folder);
  const files = new Map<string, TreeFile>();
  const problems: PackageProblem[] = [];
  const hash = createHash('sha256').update(packages);
  let folders = [''];
  for (let depth = 1; depth <= FILE_DEPTH; depth++) {
    const listed = await mapConcurrently(folders, MOST_AT_ONCE, (path) => list(packages, path, depth));
    const found = await mapConcurrently(
      listed.flat(),
      MOST_AT_ONCE,
      async ({ path, isFolder }): Promise<Found> =>
        isFolder ? { path, isFolder } : look({ root, packages, path, depth }),
    );
    for (const { path, problem, stats } of found) {
      if (problem !== undefined) problems.push({ where: path, message: problem });
      else if (stats) {
        files.set(path, { sizeBytes: stats.size, read: () => readLimited(join(packages, path)) });
        // Unlike the time of the last change, this one cannot be set by a program that copies files.
        hash.update(`\0${path}\0${stats.size} ${stats.ctimeMs} ${stats.ino}`);
      }
    }
    if (files.size > MOST_FILES)
      throw new RepositoryError('bad-content', `There are more than ${MOST_FILES} files`);
    folders = found.flatMap(({ path, isFolder }) => (isFolder ? [path] : []));
  }
  for (const { where, message } of problems) hash.update(`\0${where}\0${message}`);
  return { files, problems, signature: hash.digest('hex') };
};

const findPackages = async (folder: string): Promise<string> => {
  for (const candidate of PACKAGE_FOLDERS) {
    const path = join(folder, candidate);
    const isFolder = await stat(path).then(
      (stats) => stats.isDirectory(),
      () => false,
    );
    if (isFolder) return path;
  }
  throw new RepositoryError(
    'bad-content',
    `${folder} is no repository: it has none of the folders ${PACKAGE_FOLDERS.join(', ')}`,
  );
};

interface Listed {
  path: string;
  /** No more need be asked about a folder where folders are. */
  isFolder: boolean;
}

/** What is in a folder, as far as it matters. */
const list = async (packages: string, folder: string, depth: number): Promise<Listed[]> => {
  const entries = await readdir(join(packages, folder), { withFileTypes: true }).catch((error: unknown) => {
    if (folder === '') throw error;
    return [];
  });
  return entries
    .filter(({ name }) => !name.startsWith('.') && (depth < FILE_DEPTH || REVISION_FILES.has(name)))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .map((entry) => ({
      path: folder === '' ? entry.name : `${folder}/${entry.name}`,
      isFolder: depth < FILE_DEPTH && entry.isDirectory(),
    }));
};

interface Found {
  path: string;
  isFolder?: boolean;
  /** Of a file where files are. */
  stats?: fs.Stats;
  problem?: string;
}

const look = async ({
  root,
  packages,
  path,
  depth,
}: {
  root: string;
  packages: string;
  path: string;
  depth: number;
}): Promise<Found> => {
  const whole = join(packages, path);
  try {
    let stats = await lstat(whole);
    if (stats.isSymbolicLink()) {
      if (!isWithin(root, await realpath(whole)))
        return { path, problem: 'is a symbolic link that leads out of the repository' };
      stats = await stat(whole);
    }
    if (depth < FILE_DEPTH) return { path, isFolder: stats.isDirectory() };
    return stats.isFile() ? { path, stats } : { path, problem: 'is no file' };
  } catch (error) {
    return { path, problem: error instanceof Error ? error.message : String(error) };
  }
};

const isWithin = (root: string, path: string): boolean => path === root || path.startsWith(root + sep);

/** Opened so that a pipe put in the file's place holds up nobody, and read so that a growing file fills no memory. */
const readLimited = async (path: string): Promise<Buffer> => {
  const file = await open(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  try {
    const stats = await fstat(file);
    if (!stats.isFile()) throw new Error('is no file');
    const buffer = Buffer.alloc(Math.min(stats.size, LARGEST_FILE_BYTES + 1));
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await read(file, buffer, length, buffer.length - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return buffer.subarray(0, length);
  } finally {
    await close(file);
  }
};
