import { existsSync, mkdirSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SharedIpc } from '../core/shared-ipc.ts';
import { runTool } from '../fetcher/run-tool.ts';
import { mountPoints } from '../mount-points.ts';
import { MEBIBYTE } from './byte-text.ts';

const HINT = 'install util-linux';

/** Where containers find what they share. */
export interface IpcPlace {
  /** The file of the namespace. */
  readonly namespace: string;
  /** The folder that is their /dev/shm. */
  readonly shm: string;
}

/**
 * IPC namespaces of executors that no process has to keep: each is mounted at a file of a folder that is named after its
 * owner, beside the file system for /dev/shm. Both outlive the agent, and nothing of them outlives the machine.
 */
export class SharedIpcNamespaces {
  readonly #root: string;

  /** `root` is a folder of the agent's own. */
  constructor(root: string) {
    this.#root = root;
  }

  /** Makes it unless it is there. */
  async ready({ ownerId, shmSizeMiB }: SharedIpc): Promise<IpcPlace> {
    mkdirSync(join(this.#root, ownerId, 'shm'), { recursive: true });
    const place = placeIn(realpathSync(join(this.#root, ownerId)));
    const mounted = new Set(await mountPoints());
    if (!mounted.has(place.shm)) {
      const size = shmSizeMiB === undefined ? '' : `,size=${shmSizeMiB * MEBIBYTE}`;
      await runTool('mount', ['-t', 'tmpfs', '-o', `nosuid,nodev,mode=1777${size}`, 'shm', place.shm], {
        hint: HINT,
      });
    }
    if (!mounted.has(place.namespace)) {
      writeFileSync(place.namespace, '');
      await runTool('unshare', [`--ipc=${place.namespace}`, 'true'], { hint: HINT });
    }
    return place;
  }

  async remove(ownerId: string): Promise<void> {
    const folder = join(this.#root, ownerId);
    if (!existsSync(folder)) return;
    const { namespace, shm } = placeIn(realpathSync(folder));
    const mounted = new Set(await mountPoints());
    // Lazily: a process that is about to end may still be in it.
    for (const place of [namespace, shm].filter((one) => mounted.has(one))) {
      await runTool('umount', ['--lazy', place], { hint: HINT });
    }
    rmSync(folder, { recursive: true });
  }

  async removeOthers(ownerIds: ReadonlySet<string>): Promise<void> {
    if (!existsSync(this.#root)) return;
    for (const id of readdirSync(this.#root)) if (!ownerIds.has(id)) await this.remove(id);
  }
}

const placeIn = (folder: string): IpcPlace => ({ namespace: join(folder, 'ns'), shm: join(folder, 'shm') });
