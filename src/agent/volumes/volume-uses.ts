import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ExternalVolume, type VolumeDriver, volumeKey } from './volume-driver.ts';

/**
 * Which container uses which external volumes. One is mounted for its first container and unmounted after its last. Who
 * uses what is noted before it is mounted, a file for each container, so that the agent's next life can go on from there.
 */
export class VolumeUses {
  readonly #folder: string;
  readonly #driver: VolumeDriver;
  readonly #uses = new Map<string, readonly ExternalVolume[]>();
  /** Folders of what is mounted, or is about to be. */
  readonly #mounted = new Map<string, Promise<string>>();

  constructor(folder: string, driver: VolumeDriver) {
    this.#folder = folder;
    this.#driver = driver;
  }

  /** Goes on with the containers that are known; gives what could not be unmounted of the others, for people. */
  async recover(known: ReadonlySet<string>): Promise<string[]> {
    const names = namesIn(this.#folder);
    for (const name of names) this.#uses.set(decodeURIComponent(name), readUses(join(this.#folder, name)));
    const faults: string[] = [];
    for (const containerId of [...this.#uses.keys()].filter((id) => !known.has(id))) {
      await this.release(containerId).catch((error: unknown) => faults.push(String(error)));
    }
    return faults;
  }

  /** The folders of the volumes, in their order. Rejects, for people, and with what was mounted for it unmounted. */
  async take(containerId: string, volumes: readonly ExternalVolume[]): Promise<string[]> {
    this.#uses.set(containerId, volumes);
    mkdirSync(this.#folder, { recursive: true });
    const file = this.#fileOf(containerId);
    writeFileSync(`${file}.new`, JSON.stringify(volumes));
    renameSync(`${file}.new`, file);
    const folders: string[] = [];
    for (const volume of volumes) folders.push(await this.#mount(volume));
    return folders;
  }

  /** Idempotent. What cannot be unmounted stays noted, and is tried again in the agent's next life. */
  async release(containerId: string): Promise<void> {
    const volumes = this.#uses.get(containerId);
    if (!volumes) return;
    this.#uses.delete(containerId);
    const used = new Set([...this.#uses.values()].flat().map(volumeKey));
    let failure: unknown;
    for (const volume of volumes) {
      if (used.has(volumeKey(volume))) continue;
      await this.#unmount(volume).catch((error: unknown) => {
        failure ??= error;
      });
    }
    if (failure !== undefined) throw failure;
    rmSync(this.#fileOf(containerId), { force: true });
  }

  /** Whoever wants the same volume shares the work; one that failed is tried anew by the next. */
  #mount(volume: ExternalVolume): Promise<string> {
    const key = volumeKey(volume);
    const mounting = this.#mounted.get(key) ?? this.#driver.mount(volume);
    this.#mounted.set(key, mounting);
    mounting.catch(() => this.#mounted.get(key) === mounting && this.#mounted.delete(key));
    return mounting;
  }

  async #unmount(volume: ExternalVolume): Promise<void> {
    const key = volumeKey(volume);
    await this.#mounted.get(key)?.catch(() => undefined);
    this.#mounted.delete(key);
    await this.#driver.unmount(volume);
  }

  #fileOf(containerId: string): string {
    return join(this.#folder, encodeURIComponent(containerId));
  }
}

const namesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder).filter((name) => !name.endsWith('.new'));
  } catch {
    return [];
  }
};

const readUses = (file: string): ExternalVolume[] => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ExternalVolume[];
  } catch {
    return [];
  }
};
