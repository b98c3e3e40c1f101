import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, pause } from '../../../runtime/clock.ts';
import { errorCode } from '../../../runtime/error-message.ts';

/** Parts of the kernel that limit and count for a group of processes. */
export type Controller = 'cpu' | 'cpuacct' | 'memory' | 'pids' | 'devices' | 'net_cls';

export interface CgroupsOptions {
  /** Where the hierarchies are mounted (--cgroups_hierarchy). */
  hierarchy: string;
  /** Below each of them, the group that holds those of this agent, such as `mesos/0a1b2c3d`. */
  root: string;
  clock: Clock;
  /** How long processes that cannot be killed are waited for (--cgroups_destroy_timeout). */
  destroyTimeoutMs: number;
}

const LOOK_EVERY_MS = 10;
/** In the second version processes may only be in groups that have no groups below them. */
const LEAF = 'leaf';

/**
 * The groups of an agent's containers, one per container and controller, in whichever version of cgroups the machine has.
 * In the first every controller has a hierarchy of its own; in the second all share one.
 */
export class Cgroups {
  readonly version: 1 | 2;
  readonly #options: CgroupsOptions;

  constructor(options: CgroupsOptions) {
    this.#options = options;
    this.version = existsSync(join(options.hierarchy, 'cgroup.controllers')) ? 2 : 1;
  }

  /** Whether the machine has that controller. */
  has(controller: Controller): boolean {
    const { hierarchy } = this.#options;
    if (this.version === 1) return existsSync(join(hierarchy, controller, 'cgroup.procs'));
    return readIfThere(join(hierarchy, 'cgroup.controllers')).split(/\s+/).includes(controller);
  }

  /** Whether groups can be made. */
  isWritable(controller: Controller): boolean {
    try {
      this.#makeRoot(controller);
      return true;
    } catch {
      return false;
    }
  }

  /** Makes the group of a container; one that is there already stays as it is. */
  make(controller: Controller, id: string): void {
    const folder = this.#folder(controller, id);
    if (this.version === 1 && makeFolder(folder)) return;
    this.#makeRoot(controller);
    mkdirSync(this.version === 1 ? folder : join(folder, LEAF), { recursive: true });
  }

  /**
   * What a shell writes 0 to that joins the container's group. In the first version it moves its only thread: to move a
   * whole process the kernel waits until nobody forks or ends, 5 to 20 ms, in which nobody else can make a group either.
   */
  joinFile(controller: Controller, id: string): string {
    const folder = this.#folder(controller, id);
    return this.version === 1 ? join(folder, 'tasks') : join(folder, LEAF, 'cgroup.procs');
  }

  write(controller: Controller, id: string, file: string, value: string | number): void {
    writeFileSync(join(this.#folder(controller, id), file), String(value));
  }

  /** Writes to the group that holds those of this agent, and to the one of all agents. */
  writeAbove(controller: Controller, file: string, value: string | number): void {
    const above = this.#folder(controller, '');
    for (const folder of [join(above, '..'), above]) writeFileSync(join(folder, file), String(value));
  }

  /** The text of a file of a group; empty when there is no such group or file. */
  read(controller: Controller, id: string, file: string): string {
    return readIfThere(join(this.#folder(controller, id), file));
  }

  /** A file of lines such as `oom_kill 3`. */
  readNumbers(controller: Controller, id: string, file: string): Map<string, number> {
    return new Map(
      this.read(controller, id, file)
        .split('\n')
        .flatMap((line) => {
          const [name, value] = line.split(' ');
          return name === undefined || value === undefined ? [] : [[name, Number(value)]];
        }),
    );
  }

  /** Processes in the group, as the host counts. */
  processes(controller: Controller, id: string): number[] {
    const folder = this.#folder(controller, id);
    const file = join(this.version === 1 ? folder : join(folder, LEAF), 'cgroup.procs');
    return readIfThere(file).split('\n').filter(Boolean).map(Number);
  }

  /** Containers that have a group. */
  list(controller: Controller): string[] {
    return foldersIn(this.#folder(controller, ''));
  }

  /** Kills what is left in the group, and in groups that it has made below, and removes it. Rejects when that takes too long. */
  async remove(controller: Controller, id: string): Promise<void> {
    const { clock, destroyTimeoutMs } = this.#options;
    const folder = this.#folder(controller, id);
    const deadlineMs = clock.now() + destroyTimeoutMs;
    while (!removeGroups(folder)) {
      if (clock.now() > deadlineMs) throw new Error(`The cgroup ${folder} cannot be removed`);
      await pause(clock, LOOK_EVERY_MS);
    }
  }

  /** Gives back what holds the groups, if there are none. */
  removeRoot(controller: Controller): void {
    removeFolder(this.#folder(controller, ''));
  }

  #folder(controller: Controller, id: string): string {
    const { hierarchy, root } = this.#options;
    return this.version === 1 ? join(hierarchy, controller, root, id) : join(hierarchy, root, id);
  }

  /** In the second version every group on the way has to hand its controllers down. */
  #makeRoot(controller: Controller): void {
    const { hierarchy, root } = this.#options;
    mkdirSync(this.#folder(controller, ''), { recursive: true });
    if (this.version === 1) return;
    const parts = root.split('/');
    for (let depth = 0; depth <= parts.length; depth++) {
      const file = join(hierarchy, ...parts.slice(0, depth), 'cgroup.subtree_control');
      if (!readIfThere(file).split(/\s+/).includes(controller)) writeFileSync(file, `+${controller}`);
    }
  }
}

const readIfThere = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};

/** Whether it is there now; what it would be in may be missing. */
const makeFolder = (folder: string): boolean => {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    return errorCode(error) === 'EEXIST';
  }
};

const removeFolder = (folder: string): boolean => {
  try {
    rmdirSync(folder);
    return true;
  } catch (error) {
    return errorCode(error) === 'ENOENT';
  }
};

/** Tries to remove a group with all below it; whether it is gone. What has processes still has them killed. */
const removeGroups = (folder: string): boolean => {
  if (removeFolder(folder)) return true;
  for (const below of foldersIn(folder)) removeGroups(join(folder, below));
  if (removeFolder(folder)) return true;
  const pids = readIfThere(join(folder, 'cgroup.procs')).split('\n').filter(Boolean);
  for (const pid of pids) killProcess(Number(pid));
  return removeFolder(folder);
};

const foldersIn = (folder: string): string[] => {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    return [];
  }
};

const killProcess = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
};
