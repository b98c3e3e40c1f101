import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { type Digest, digestOf } from '../../registry/digest.ts';
import type { ImageLimits } from '../../registry/image-limits.ts';
import { runTool } from '../fetcher/run-tool.ts';
import { extractLayer } from './extract-layer.ts';
import type { LayerChanges } from './layer-writer.ts';
import { makeMask } from './mask.ts';
import { removeTree } from './remove-tree.ts';

/** A layer, unpacked. Nobody writes to it any more. */
export interface StoredLayer {
  readonly diffId: string;
  /** Its files. */
  readonly folder: string;
  readonly changes: LayerChanges;
}

const FILES = 'fs';
const CHANGES = 'changes.json';
const MASKS = 'masks';

/**
 * Unpacked layers by the digest of what they unpack to, shared by all images and containers:
 * `layers/ALGORITHM-HEX/{fs,changes.json,masks/CHAIN}`; the masks hide in an overlay what the layer removes from those
 * below. Everything is made in `staging/` and comes into its place whole, by renaming.
 */
export class LayerStore {
  readonly #folder: string;
  readonly #limits: ImageLimits;

  constructor(folder: string, limits: ImageLimits) {
    this.#folder = folder;
    this.#limits = limits;
  }

  /** Has the disk keep all that was written so far. */
  async flush(): Promise<void> {
    await runTool('sync', ['--file-system', this.#folder], { hint: 'install coreutils' });
  }

  /** A path in the staging folder that nobody else uses; what is left there goes at the next start. */
  async stage(): Promise<string> {
    await mkdir(this.#at('staging'), { recursive: true });
    return join(this.#at('staging'), randomUUID());
  }

  get(diffId: string): StoredLayer | undefined {
    const folder = this.#layerFolder(diffId);
    try {
      const changes = JSON.parse(readFileSync(join(folder, CHANGES), 'utf8')) as LayerChanges;
      return { diffId, folder: join(folder, FILES), changes };
    } catch {
      return undefined;
    }
  }

  has(diffId: string): boolean {
    return existsSync(join(this.#layerFolder(diffId), CHANGES));
  }

  /** Unpacks a layer. Rejects, and leaves nothing behind, when it is not the one with this digest. */
  async add(diffId: Digest, source: Readable, signal: AbortSignal): Promise<void> {
    const staged = await this.stage();
    try {
      const folder = join(staged, FILES);
      const changes = await extractLayer({ source, diffId, folder, limits: this.#limits, signal });
      await writeFile(join(staged, CHANGES), JSON.stringify(changes));
      await mkdir(this.#at('layers'), { recursive: true });
      if (this.has(diffId.text)) return await removeTree(staged);
      await rename(staged, this.#layerFolder(diffId.text));
    } catch (error) {
      await removeTree(staged);
      throw error;
    }
  }

  /** The folder that hides what the last of these layers removes from the others; undefined when it removes nothing. */
  async mask(layers: readonly StoredLayer[]): Promise<string | undefined> {
    const { changes } = layers.at(-1) ?? {};
    if (!changes || layers.length === 1 || changes.whiteouts.length + changes.opaques.length === 0) {
      return undefined;
    }
    const chain = digestOf(layers.map(({ diffId }) => diffId).join(' ')).hex;
    const masks = join(this.#layerFolder(layers.at(-1)?.diffId ?? ''), MASKS);
    const target = join(masks, chain);
    if (existsSync(target)) return target;
    const staged = await this.stage();
    try {
      await makeMask(staged, layers);
      await mkdir(masks, { recursive: true });
      if (existsSync(target)) await removeTree(staged);
      else await rename(staged, target);
    } catch (error) {
      await removeTree(staged);
      throw error;
    }
    return target;
  }

  /** Takes layers out of their place at once, and gives what removes them. */
  take(diffIds: readonly string[]): () => Promise<void> {
    mkdirSync(this.#at('staging'), { recursive: true });
    const taken: string[] = [];
    for (const path of diffIds.map((diffId) => this.#layerFolder(diffId))) {
      if (!existsSync(path)) continue;
      const target = join(this.#at('staging'), randomUUID());
      renameSync(path, target);
      taken.push(target);
    }
    return async () => {
      for (const path of taken) await removeTree(path);
    };
  }

  /** At the start: removes what a crash left half done, and layers that no image is known to have. */
  async sweep(known: ReadonlySet<string>): Promise<void> {
    await removeTree(this.#at('staging'));
    const isKnown = new Set([...known].map(nameOf));
    const strays = (await listFolder(this.#at('layers'))).filter((name) => !isKnown.has(name));
    for (const name of strays) {
      // Without its note first: a layer that is half removed must not look whole.
      rmSync(join(this.#at('layers'), name, CHANGES), { force: true });
      await removeTree(join(this.#at('layers'), name));
    }
  }

  /** Of all layers. */
  async list(): Promise<string[]> {
    return (await listFolder(this.#at('layers'))).map((name) => name.replace('-', ':'));
  }

  #layerFolder(diffId: string): string {
    return join(this.#at('layers'), nameOf(diffId));
  }

  #at(name: 'layers' | 'staging'): string {
    return join(this.#folder, name);
  }
}

const nameOf = (diffId: string): string => diffId.replace(':', '-');

const listFolder = async (folder: string): Promise<string[]> => {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
};
