import {
  chownSync,
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { errorCode } from '../../runtime/error-message.ts';
import type { ContainerPlan } from '../core/effect.ts';
import type { UserIdentity } from '../processes/system-user.ts';

/** Open files that take the output of a container. */
export interface SandboxOutput {
  readonly stdout: number;
  readonly stderr: number;
  close(): void;
}

/**
 * Makes a container's sandbox with its links and output files. Made anew over what is there already, it changes nothing.
 * These are a few calls that take microseconds each: waiting for them is cheaper than taking turns.
 */
export const prepareSandbox = (
  plan: ContainerPlan,
  user: UserIdentity | undefined,
  volumesAs: 'links' | 'mounts',
): SandboxOutput => {
  const { sandbox } = plan;
  mkdirSync(sandbox, { recursive: true, mode: 0o755 });
  linkFromOutside(sandbox, plan);
  for (const { containerPath, hostPath, isMade } of plan.mounts) {
    if (isMade) makeFolder(hostPath, user);
    if (volumesAs === 'links') link(hostPath, join(sandbox, containerPath));
  }
  // Appending is what lets a log be cut while it is written.
  const stdout = openSync(join(sandbox, 'stdout'), 'a', 0o644);
  const stderr = openSync(join(sandbox, 'stderr'), 'a', 0o644);
  if (user) {
    for (const path of [sandbox, join(sandbox, 'stdout'), join(sandbox, 'stderr')]) {
      chownSync(path, user.uid, user.gid);
    }
  }
  return {
    stdout,
    stderr,
    close: () => {
      closeSync(stdout);
      closeSync(stderr);
    },
  };
};

/** The ways by which clients find a sandbox: the latest run of an executor, the task of a nested container. */
const linkFromOutside = (sandbox: string, { taskId }: ContainerPlan): void => {
  const isNested = basename(dirname(sandbox)) === 'containers';
  const run = isNested ? dirname(dirname(sandbox)) : sandbox;
  replaceLink(basename(run), join(dirname(run), 'latest'));
  if (!isNested || taskId === undefined) return;
  const tasks = join(run, 'tasks');
  mkdirSync(tasks, { recursive: true });
  replaceLink(relative(tasks, sandbox), join(tasks, taskId));
};

const makeFolder = (path: string, user: UserIdentity | undefined): void => {
  const made = mkdirSync(path, { recursive: true, mode: 0o755 });
  if (made !== undefined && user) chownSync(path, user.uid, user.gid);
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
