import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { PackageDefinition } from '../definition/package-definition.ts';
import { mapConcurrently } from '../map-concurrently.ts';
import { definitionFiles } from './definition-files.ts';
import { itemsOf, type MirrorItem } from './mirror-items.ts';
import {
  EMPTY_MIRROR,
  type MirroredFile,
  type MirroredImage,
  type MirrorManifest,
  type MissingItem,
  readMirror,
  writeMirror,
} from './mirror-manifest.ts';
import { rewriteTemplate } from './rewrite-addresses.ts';

/** How what packages need is had. Each rejects with the reason when it cannot be had in its bounds. */
export interface MirrorTools {
  /** Writes what a `http(s):`, `maven:` or `npm:` address stands for to a new file; gives its name. */
  fetchFile(item: MirrorItem, target: string): Promise<{ fileName: string }>;
  /** Stores an image in the OCI layout in the folder. */
  fetchImage(reference: string, layout: string): Promise<MirroredImage>;
}

export interface MirrorOptions {
  /** Where it is made, or made complete. */
  readonly folder: string;
  readonly definitions: readonly PackageDefinition[];
  readonly tools: MirrorTools;
  readonly note: (text: string) => void;
  readonly signal: AbortSignal;
  /** Of all files together; what comes after is missing. */
  readonly limitBytes: number;
}

const AT_ONCE = 4;
const LONGEST_REASON = 500;

/**
 * Brings packages and everything that they need into one folder. What is there already is not fetched again, so that a run
 * that was cut short goes on where it was; what cannot be had is told and leaves the rest alone. A file that should have a
 * hash has it, or is missing.
 */
export const mirrorPackages = async (options: MirrorOptions): Promise<MirrorManifest> => {
  const { folder, definitions, note, signal } = options;
  await mkdir(join(folder, 'files'), { recursive: true });
  const wanted = await collectItems(definitions);
  const mirror = new Mirror(options, (await readMirror(folder)) ?? EMPTY_MIRROR);
  await mapConcurrently([...wanted.values()], AT_ONCE, async ({ item, packages }) => {
    signal.throwIfAborted();
    await mirror.bring(item, packages);
  });
  for (const definition of definitions) {
    await writeDefinition(folder, definition);
    mirror.checkReach(definition, await itemsOf(definition));
  }
  const manifest = await mirror.finish();
  note(
    `${Object.keys(manifest.files).length} files, ${Object.keys(manifest.images).length} images, ${manifest.missing.length} missing`,
  );
  return manifest;
};

interface Wanted {
  readonly item: MirrorItem;
  readonly packages: string[];
}

const collectItems = async (
  definitions: readonly PackageDefinition[],
): Promise<ReadonlyMap<string, Wanted>> => {
  const wanted = new Map<string, Wanted>();
  for (const definition of definitions) {
    const name = titleOf(definition);
    for (const item of await itemsOf(definition)) {
      const present = wanted.get(item.address);
      if (present) present.packages.push(name);
      else wanted.set(item.address, { item, packages: [name] });
    }
  }
  return wanted;
};

const titleOf = ({ name, version }: PackageDefinition): string => `${name} ${version}`;

/** A mirror while it is made; what it has is written down after every item. */
class Mirror {
  readonly #options: MirrorOptions;
  readonly #files: Map<string, MirroredFile>;
  readonly #images: Map<string, MirroredImage>;
  readonly #missing: MissingItem[] = [];
  #bytes: number;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: MirrorOptions, { files, images }: MirrorManifest) {
    this.#options = options;
    this.#files = new Map(Object.entries(files));
    this.#images = new Map(Object.entries(images));
    this.#bytes = Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0);
  }

  async bring(item: MirrorItem, packages: readonly string[]): Promise<void> {
    const { address, kind, isPicture = false } = item;
    try {
      if (kind === 'unknown') throw new Error('nobody here knows how to fetch it');
      const isNew = kind === 'image' ? await this.#bringImage(address) : await this.#bringFile(item);
      if (!isNew) return;
      this.#options.note(`fetched ${address}`);
      await this.#write();
    } catch (error) {
      this.#options.signal.throwIfAborted();
      const reason = (error instanceof Error ? error.message : String(error)).slice(0, LONGEST_REASON);
      this.#missing.push({ address, packages, reason, isPicture });
      this.#options.note(`missing ${address}: ${reason}`);
    }
  }

  /** What a template puts together itself cannot be led to the mirror. */
  checkReach(definition: PackageDefinition, items: readonly MirrorItem[]): void {
    const texts = [...definitionFiles(definition).values()].join('\n');
    for (const { address } of items) {
      const isHeld = this.#files.has(address) || this.#images.has(address);
      if (!isHeld || rewriteTemplate(texts, new Map([[address, '']])) !== texts) continue;
      const reason =
        'it was fetched, but the template puts the address together, so that it cannot be led to the mirror';
      this.#missing.push({ address, packages: [titleOf(definition)], reason, isPicture: false });
    }
  }

  async finish(): Promise<MirrorManifest> {
    await this.#write();
    return this.#manifest();
  }

  async #bringFile(item: MirrorItem): Promise<boolean> {
    const { folder, tools, limitBytes } = this.#options;
    const present = this.#files.get(item.address);
    if (present && (await this.#isWhole(present, item))) return false;
    if (this.#bytes >= limitBytes) throw new Error(`the mirror would be larger than ${limitBytes} bytes`);
    const staging = await mkdtemp(join(folder, 'part-'));
    try {
      const target = join(staging, 'file');
      const { fileName } = await tools.fetchFile(item, target);
      const { size: bytes } = await stat(target);
      const sha256 = await hashOf(target);
      if (item.sha256 !== undefined && item.sha256 !== sha256) {
        throw new Error(`its SHA-256 is ${sha256}, and should be ${item.sha256}`);
      }
      const path = `files/${sha256}/${safeName(fileName)}`;
      await mkdir(join(folder, 'files', sha256), { recursive: true });
      await rename(target, join(folder, path));
      this.#files.set(item.address, { path, bytes, sha256 });
      this.#bytes += bytes;
      return true;
    } finally {
      await rm(staging, { recursive: true, force: true });
    }
  }

  /** Whether what an earlier run fetched is still what it was, and what the package wants. */
  async #isWhole({ path, bytes, sha256 }: MirroredFile, item: MirrorItem): Promise<boolean> {
    const file = join(this.#options.folder, path);
    const size = await stat(file).then(
      (stats) => stats.size,
      () => undefined,
    );
    return size === bytes && (item.sha256 ?? sha256) === sha256 && (await hashOf(file)) === sha256;
  }

  async #bringImage(reference: string): Promise<boolean> {
    if (this.#images.has(reference)) return false;
    const { folder, tools } = this.#options;
    this.#images.set(reference, await tools.fetchImage(reference, join(folder, 'images')));
    return true;
  }

  /** One after the other: several items are brought at once. */
  #write(): Promise<void> {
    this.#writing = this.#writing.then(() => writeMirror(this.#options.folder, this.#manifest()));
    return this.#writing;
  }

  #manifest(): MirrorManifest {
    const missing = [...this.#missing].sort((one, other) => (one.address < other.address ? -1 : 1));
    return { files: Object.fromEntries(this.#files), images: Object.fromEntries(this.#images), missing };
  }
}

const writeDefinition = async (folder: string, definition: PackageDefinition): Promise<void> => {
  const { name, releaseVersion } = definition;
  const revision = join(
    folder,
    'repo',
    'packages',
    name.charAt(0).toUpperCase(),
    name,
    String(releaseVersion),
  );
  await mkdir(revision, { recursive: true });
  for (const [file, content] of definitionFiles(definition)) await writeFile(join(revision, file), content);
};

const hashOf = async (file: string): Promise<string> => {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(file)) hash.update(piece as Buffer);
  return hash.digest('hex');
};

/** Agents name files by the end of their address, and unpack archives by it. */
const safeName = (name: string): string => {
  const safe = basename(name)
    .replaceAll(/[^\w.+-]/g, '_')
    .slice(-200);
  return /^\.*$/.test(safe) ? 'file' : safe;
};
