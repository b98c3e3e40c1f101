import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { errorMessage } from '../../runtime/error-message.ts';
import type { Log } from '../../runtime/log.ts';
import type { LayerStore, StoredLayer } from './layer-store.ts';
import type { LayerUse } from './layer-use.ts';
import { removeTree } from './remove-tree.ts';
import { copyLayers, mountOverlay, unmountAll } from './rootfs.ts';

/** How root folders are made of layers (--image-provisioner-backend); `auto` is an overlay wherever one can be had. */
export type Backend = 'auto' | 'overlay' | 'copy';

const LAYERS = 'layers.json';

/** The root folders of containers: `containers/ID/`, with a note of the layers that they stand on. */
export class ContainerRoots {
  readonly #folder: string;
  readonly #backend: Backend;
  readonly #store: LayerStore;
  readonly #use: LayerUse;
  readonly #log: Log;
  #canOverlay = process.getuid?.() === 0;

  constructor(options: { folder: string; backend: Backend; store: LayerStore; use: LayerUse; log: Log }) {
    this.#folder = join(options.folder, 'containers');
    this.#backend = options.backend;
    this.#store = options.store;
    this.#use = options.use;
    this.#log = options.log;
  }

  /** Rejects, and leaves nothing behind, when it cannot be made. */
  async make(containerId: string, layers: readonly StoredLayer[], signal: AbortSignal): Promise<string> {
    await this.remove(containerId);
    const path = this.#folderOf(containerId);
    await mkdir(path, { recursive: true, mode: 0o755 });
    const folder = await realpath(path);
    try {
      const diffIds = layers.map(({ diffId }) => diffId);
      writeFileSync(join(folder, LAYERS), JSON.stringify(diffIds));
      this.#use.hold(containerId, diffIds);
      return await this.#assemble(folder, layers, signal);
    } catch (error) {
      await this.remove(containerId);
      throw error;
    }
  }

  async remove(containerId: string): Promise<void> {
    const folder = this.#folderOf(containerId);
    // Most containers are made of no image: to look for their mounts was a quarter of what the agent did for a short task.
    if (existsSync(folder)) {
      await unmountAll(await realpath(folder));
      await removeTree(folder);
    }
    this.#use.release(containerId);
  }

  /** Takes over these containers' folders, and removes all others. */
  async recover(containerIds: readonly string[]): Promise<void> {
    const known = new Set(containerIds);
    mkdirSync(this.#folder, { recursive: true });
    for (const id of readdirSync(this.#folder)) {
      if (known.has(id)) {
        this.#use.hold(id, this.#layersOf(id));
        continue;
      }
      await this.remove(id).catch((error: unknown) =>
        this.#log.warn({ containerId: id, error: errorMessage(error) }, 'cannot remove an old root folder'),
      );
    }
  }

  async #assemble(folder: string, layers: readonly StoredLayer[], signal: AbortSignal): Promise<string> {
    if (this.#backend === 'copy' || (this.#backend === 'auto' && !this.#canOverlay)) {
      return copyLayers(folder, layers, signal);
    }
    try {
      return await mountOverlay(folder, layers, this.#store, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (this.#backend === 'overlay') throw error;
      this.#canOverlay = false;
      this.#log.warn({ error: errorMessage(error) }, 'images are copied, as no overlay can be mounted');
      for (const name of ['rootfs', 'upper', 'work', 'l']) await removeTree(join(folder, name));
      return copyLayers(folder, layers, signal);
    }
  }

  #layersOf(containerId: string): string[] {
    try {
      const value: unknown = JSON.parse(readFileSync(join(this.#folderOf(containerId), LAYERS), 'utf8'));
      return Array.isArray(value) ? value.map(String) : [];
    } catch {
      return [];
    }
  }

  #folderOf(containerId: string): string {
    if (!/^[A-Za-z0-9_.-]+$/.test(containerId) || /^\.+$/.test(containerId)) {
      throw new Error(`'${containerId}' cannot be the name of a folder`);
    }
    return join(this.#folder, containerId);
  }
}
