import { chmod, chown, link, lstat, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../../runtime/error-message.ts';
import { runTool } from '../fetcher/run-tool.ts';
import type { StoredLayer } from './layer-store.ts';
import { realPath } from './real-path.ts';

/** The kernel takes a character device 0/0 in an overlay for "nothing here" (overlayfs, whiteouts). */
const WHITEOUT_DEVICE = ['c', '0', '0'];
/** More names than this one file cannot have on usual file systems. */
const MAX_NAMES = 30_000;

/**
 * Makes the folder that, put between a layer and those below it in an overlay, hides what the layer removes from them.
 * So layers themselves hold plain files alone, and serve overlays as well as copies. A folder that hides all of what is
 * below it hides each thing in it: the extended attribute that would say so cannot be set from here.
 */
export const makeMask = async (folder: string, layers: readonly StoredLayer[]): Promise<void> => {
  await mkdir(folder, { mode: 0o755 });
  const top = layers.at(-1);
  const below = layers.slice(0, -1).reverse();
  if (!top) return;
  const hider = new Hider(folder, below);
  const removed = top.changes.whiteouts.map((path) => path.split('/'));
  for (const path of top.changes.opaques) {
    const parts = path.split('/').filter((part) => part !== '');
    for (const { folder: lower } of below) {
      const found = await realPath(lower, parts);
      if (found === undefined || !(await lstat(found)).isDirectory()) continue;
      for (const name of await readdir(found)) removed.push([...parts, name]);
    }
  }
  // A folder before what is in it: once it is hidden, so is all of that.
  removed.sort((one, other) => one.length - other.length);
  for (const parts of removed) await hider.hide(parts);
};

class Hider {
  readonly #folder: string;
  /** The highest first. */
  readonly #below: readonly StoredLayer[];
  readonly #hidden = new Set<string>();
  #device: { path: string; names: number } | undefined;

  constructor(folder: string, below: readonly StoredLayer[]) {
    this.#folder = folder;
    this.#below = below;
  }

  async hide(parts: readonly string[]): Promise<void> {
    const isHidden = parts.some((_part, index) => this.#hidden.has(parts.slice(0, index + 1).join('/')));
    if (isHidden || !(await this.#isThere(parts))) return;
    this.#hidden.add(parts.join('/'));
    const path = join(this.#folder, ...parts);
    await this.#makeFolders(parts.slice(0, -1));
    if (this.#device && this.#device.names < MAX_NAMES) {
      await link(this.#device.path, path);
      this.#device.names++;
    } else {
      await runTool('mknod', ['--', path, ...WHITEOUT_DEVICE], { hint: 'install coreutils' });
      this.#device = { path, names: 1 };
    }
  }

  async #isThere(parts: readonly string[]): Promise<boolean> {
    for (const { folder } of this.#below) {
      if ((await realPath(folder, parts)) !== undefined) return true;
    }
    return false;
  }

  /** Folders on the way look like those below them: the overlay shows the highest one's owner and mode. */
  async #makeFolders(parts: readonly string[]): Promise<void> {
    for (let depth = 1; depth <= parts.length; depth++) {
      const some = parts.slice(0, depth);
      const path = join(this.#folder, ...some);
      try {
        await mkdir(path);
      } catch (error) {
        if (errorCode(error) === 'EEXIST') continue;
        throw error;
      }
      for (const { folder } of this.#below) {
        const like = await realPath(folder, some);
        const found = like === undefined ? undefined : await lstat(like);
        if (!found?.isDirectory()) continue;
        await chown(path, found.uid, found.gid);
        await chmod(path, found.mode & 0o7777);
        break;
      }
    }
  }
}
