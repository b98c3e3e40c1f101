import { mkdir, writeFile } from 'node:fs/promises';
import { posix, resolve, sep } from 'node:path';
import { isNotFound } from '../../clients/api-error.ts';
import type { MesosFile } from '../../clients/mesos-types.ts';
import { pathInSandbox, type Sandbox } from '../../clients/task-files/sandbox.ts';
import { CliError } from '../errors/cli-error.ts';

/** A pattern in the last part of a path: `*` and `?`. */
const matcher = (pattern: string): ((name: string) => boolean) => {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]');
  const glob = new RegExp(`^${source}$`);
  return (name) => glob.test(name);
};

export interface DownloadOptions {
  readonly sandbox: Sandbox;
  /** A file or folder of the sandbox; the last part may be a glob. `.` is all. */
  readonly path: string;
  readonly targetDir: string;
  /** Told of each file, with its path below the target. */
  readonly onFile: (path: string) => void;
}

/** Fetches files of a sandbox, folders with all that is in them. Gives how many. Throws CliError when nothing matches. */
export const downloadFiles = async (options: DownloadOptions): Promise<number> => {
  const { sandbox, path, targetDir } = options;
  const normal = posix.normalize(posix.join('/', path));
  const isAll = normal === '/';
  const parent = isAll ? '/' : posix.dirname(normal);
  const matches = isAll ? () => true : matcher(posix.basename(normal));
  const found = (await browse(sandbox, parent)).filter((file) => matches(posix.basename(file.path)));
  if (found.length === 0 && !isAll) {
    throw new CliError('not-found', `No file or folder matches '${path}'`, {
      hint: 'plenum task ls lists the files of a task',
    });
  }
  const root = resolve(targetDir);
  await mkdir(root, { recursive: true });
  let count = 0;
  for (const file of found) count += await fetchFile(options, { file, parent, below: root });
  return count;
};

/** Throws CliError for a folder that there is not. */
const browse = async (sandbox: Sandbox, folder: string): Promise<readonly MesosFile[]> => {
  try {
    return await sandbox.files.browse(pathInSandbox(sandbox, folder));
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new CliError('not-found', `The sandbox has no folder ${folder}`, { cause: error });
  }
};

const fetchFile = async (
  options: DownloadOptions,
  { file, parent, below }: { file: MesosFile; parent: string; below: string },
): Promise<number> => {
  const name = posix.basename(file.path);
  const target = resolve(below, name);
  // Names come from the agent, and must not lead out of the target.
  if (!target.startsWith(`${below}${sep}`)) throw new CliError('failed', `The agent names a file ${name}`);
  const path = posix.join(parent, name);
  if (file.mode.startsWith('d')) {
    await mkdir(target, { recursive: true });
    let count = 0;
    for (const inner of await browse(options.sandbox, path)) {
      count += await fetchFile(options, { file: inner, parent: path, below: target });
    }
    return count;
  }
  await writeFile(target, await options.sandbox.files.download(pathInSandbox(options.sandbox, path)));
  options.onFile(path);
  return 1;
};
