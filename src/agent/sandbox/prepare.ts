import {
  closeSync,
  constants,
  fchownSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { errorCode } from '../../runtime/error-message.ts';
import type { ContainerPlan } from '../core/effect.ts';
import type { UserIdentity } from '../processes/system-user.ts';
import { openPlainFile } from './plain-file.ts';

/** Open files that take the output of a container. */
export interface SandboxOutput {
  readonly stdout: number;
  readonly stderr: number;
  /**
   * By which the launcher finds them. In a sandbox that lies in another task's they are what was opened here, whatever that
   * task has put in their places by then.
   */
  readonly places: { readonly stdout: string; readonly stderr: string };
  /** Throws when what was fetched put something else in their places, to which the command's output would go. */
  check(): void;
  close(): void;
}

/** The end of a path that is below the sandbox of a root container, or below the work folder. */
const NESTED = /(\/containers\/[^/]+)+$/;

const { O_APPEND, O_CREAT, O_WRONLY } = constants;

/**
 * Makes a container's sandbox with its links and output files. Made anew over what is there already, it changes nothing.
 * What is nested lies in a folder of its parent's user, who may have put a link in any place: none is followed where the
 * agent has more rights than tasks.
 *
 * These are a few calls that take microseconds each: waiting for them is cheaper than taking turns.
 */
export const prepareSandbox = (
  plan: ContainerPlan,
  user: UserIdentity | undefined,
  volumesAs: 'links' | 'mounts',
): SandboxOutput => {
  const { sandbox } = plan;
  makeRealFolder(sandbox.replace(NESTED, ''), sandbox);
  linkFromOutside(sandbox, plan);
  for (const { containerPath, hostPath, isMade } of plan.mounts) {
    if (isMade) makeFolder(hostPath, user, volumesAs === 'links' ? [] : [sandbox, plan.parentSandbox]);
    if (volumesAs === 'links') link(hostPath, join(sandbox, containerPath));
  }
  const open = (name: string): number => {
    const owner = user?.uid ?? process.getuid?.() ?? 0;
    // Appending is what lets a log be cut while it is written.
    return openPlainFile(join(sandbox, name), { flags: O_WRONLY | O_APPEND | O_CREAT, owner });
  };
  const stdout = open('stdout');
  const stderr = open('stderr');
  if (user) {
    lchownSync(sandbox, user.uid, user.gid);
    for (const file of [stdout, stderr]) fchownSync(file, user.uid, user.gid);
  }
  const isAmongTasks = user !== undefined && plan.parentSandbox !== undefined && process.platform === 'linux';
  const placeOf = (name: string, file: number): string =>
    isAmongTasks ? `/proc/${process.pid}/fd/${file}` : join(sandbox, name);
  return {
    stdout,
    stderr,
    places: { stdout: placeOf('stdout', stdout), stderr: placeOf('stderr', stderr) },
    check: () => {
      for (const name of ['stdout', 'stderr']) closeSync(open(name));
    },
    close: () => {
      closeSync(stdout);
      closeSync(stderr);
    },
  };
};

/** Tells who looks into a container's stderr what it waits for, also before there is a sandbox. Nothing depends on it. */
export const noteInSandbox = ({ sandbox }: ContainerPlan, line: string): void => {
  let file: number | undefined;
  try {
    makeRealFolder(sandbox.replace(NESTED, ''), sandbox);
    const owner = process.getuid?.() ?? 0;
    file = openPlainFile(join(sandbox, 'stderr'), { flags: O_WRONLY | O_APPEND | O_CREAT, owner });
    writeSync(file, `${line}\n`);
  } catch {
    // What is wrong with the sandbox is told when the container is prepared.
  } finally {
    if (file !== undefined) closeSync(file);
  }
};

/** The ways by which clients find a sandbox: the latest run of an executor, the task of a nested container. */
const linkFromOutside = (sandbox: string, { taskId }: ContainerPlan): void => {
  const isNested = basename(dirname(sandbox)) === 'containers';
  const run = isNested ? dirname(dirname(sandbox)) : sandbox;
  replaceLink(basename(run), join(dirname(run), 'latest'));
  if (!isNested || taskId === undefined) return;
  const tasks = join(run, 'tasks');
  makeRealFolder(run, tasks);
  replaceLink(relative(tasks, sandbox), join(tasks, taskId));
};

/** `ofTasks` are folders that tasks write to. */
const makeFolder = (
  path: string,
  user: UserIdentity | undefined,
  ofTasks: readonly (string | undefined)[],
): void => {
  const root = ofTasks.find((folder) => folder !== undefined && path.startsWith(`${folder}${sep}`));
  const isMade =
    root === undefined
      ? mkdirSync(path, { recursive: true, mode: 0o755 }) !== undefined
      : makeRealFolder(root, path);
  if (isMade && user) lchownSync(path, user.uid, user.gid);
};

/** A folder below a root, every part of it a real folder; says whether it was not there. Throws where a link is. */
const makeRealFolder = (root: string, path: string): boolean => {
  let isMade = mkdirSync(root, { recursive: true, mode: 0o755 }) !== undefined;
  let place = root;
  for (const part of relative(root, path).split(sep)) {
    place = join(place, part);
    isMade = makeOne(place);
    if (!lstatSync(place).isDirectory()) throw new Error(`${place} is no folder any more`);
  }
  return isMade;
};

const makeOne = (path: string): boolean => {
  try {
    mkdirSync(path, { mode: 0o755 });
    return true;
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    return false;
  }
};

const link = (target: string, path: string): void => {
  mkdirSync(dirname(path), { recursive: true });
  const existing = lstatSync(path, { throwIfNoEntry: false });
  if (existing?.isSymbolicLink() && readlinkSync(path) === target) return;
  if (existing) throw new Error(`A volume cannot be put at ${path}: there is something already`);
  symlinkSync(target, path);
};

/** Renaming over the old link leaves no moment without one. Mostly there is none. */
const replaceLink = (target: string, path: string): void => {
  try {
    symlinkSync(target, path);
    return;
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
  const temporary = `${path}.new`;
  rmSync(temporary, { force: true });
  symlinkSync(target, temporary);
  renameSync(temporary, path);
};
