import { chmodSync, chownSync, mkdirSync, statSync, symlinkSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runTool } from '../fetcher/run-tool.ts';
import { mountPoints } from '../mount-points.ts';
import { copyLayer } from './copy-layer.ts';
import type { LayerStore, StoredLayer } from './layer-store.ts';

const HINT = 'install util-linux';
/** A newer mount program passes options one by one, and cannot pass long ones so. */
const MOUNT_ENV = { LIBMOUNT_FORCE_MOUNT2: 'always' };

/**
 * Mounts the layers on top of each other, with an upper one that is the container's own, on `rootfs/` in its folder. The
 * layers are named by short links: with their full paths an image of many would not fit into the options of a mount.
 */
export const mountOverlay = async (
  folder: string,
  layers: readonly StoredLayer[],
  store: LayerStore,
  signal: AbortSignal,
): Promise<string> => {
  const links = join(folder, 'l');
  for (const name of ['rootfs', 'upper', 'work', 'l']) mkdirSync(join(folder, name), { mode: 0o755 });
  const names: string[] = [];
  const add = (path: string): void => {
    const name = String(names.length);
    symlinkSync(path, join(links, name));
    names.push(name);
  };
  for (const [index, layer] of [...layers.entries()].reverse()) {
    // A layer that is there twice counts where it is highest.
    if (layers.findLastIndex(({ diffId }) => diffId === layer.diffId) !== index) continue;
    add(layer.folder);
    const mask = await store.mask(layers.slice(0, index + 1));
    if (mask !== undefined) add(mask);
  }
  const top = layers.at(-1);
  if (top) {
    const { uid, gid, mode } = statSync(top.folder);
    chownSync(join(folder, 'upper'), uid, gid);
    chmodSync(join(folder, 'upper'), mode & 0o7777);
  }
  const options = `lowerdir=${names.join(':')},upperdir=../upper,workdir=../work`;
  const rootfs = join(folder, 'rootfs');
  await runTool('mount', ['-t', 'overlay', 'overlay', '-o', options, rootfs], {
    cwd: links,
    env: MOUNT_ENV,
    signal,
    hint: HINT,
  });
  return rootfs;
};

/** Copies the layers into `rootfs/` in a container's folder. */
export const copyLayers = async (
  folder: string,
  layers: readonly StoredLayer[],
  signal: AbortSignal,
): Promise<string> => {
  const rootfs = join(folder, 'rootfs');
  await mkdir(rootfs, { mode: 0o755 });
  for (const layer of layers) await copyLayer(layer, rootfs, signal);
  return rootfs;
};

/**
 * Takes back every mount on a folder and below it, the deepest first. Rejects when one stays: what is mounted there must
 * not be removed along with the folder.
 */
export const unmountAll = async (folder: string): Promise<void> => {
  for (const path of (await mountsBelow(folder)).reverse()) {
    await runTool('umount', ['--', path], { hint: HINT }).catch(() =>
      runTool('umount', ['--lazy', '--', path], { hint: HINT }),
    );
  }
  const left = await mountsBelow(folder);
  if (left.length > 0) throw new Error(`${left.join(', ')} cannot be unmounted`);
};

/** In the order in which they were made. */
const mountsBelow = async (folder: string): Promise<string[]> =>
  (await mountPoints()).filter((path) => path === folder || path.startsWith(`${folder}/`));
