import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorMessage } from '../../runtime/error-message.ts';
import { KeyedTurns } from '../keyed-turns.ts';
import { type ExternalVolume, type VolumeDriver, volumeKey } from './volume-driver.ts';

/**
 * Which container uses which external volumes. One is mounted for its first container and unmounted after its last. Who
 * uses what is noted before it is mounted, a file for each container, so that the agent's next life can go on from there.
 */
export class VolumeUses {
  readonly #folder: string;
  readonly #driver: VolumeDriver;
  readonly #uses = new Map<string, readonly ExternalVolume[]>();
  /** Folders of what is mounted. */
  readonly #mounted = new Map<string, string>();
  readonly #turns = new KeyedTurns();

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
      await this.release(containerId).catch((error: unknown) => faults.push(errorMessage(error)));
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
    let failure: unknown;
    for (const volume of volumes) {
      await this.#unmount(volume).catch((error: unknown) => {
        failure ??= error;
      });
    }
    if (failure !== undefined) throw failure;
    rmSync(this.#fileOf(containerId), { force: true });
  }

  #mount(volume: ExternalVolume): Promise<string> {
    const key = volumeKey(volume);
    return this.#turns.run(key, async () => {
      const folder = this.#mounted.get(key) ?? (await this.#driver.mount(volume));
      this.#mounted.set(key, folder);
      return folder;
    });
  }

  /** Unless somebody uses it, also one who came just now. */
  #unmount(volume: ExternalVolume): Promise<void> {
    const key = volumeKey(volume);
    return this.#turns.run(key, async () => {
      if ([...this.#uses.values()].flat().some((used) => volumeKey(used) === key)) return;
      this.#mounted.delete(key);
      await this.#driver.unmount(volume);
    });
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
