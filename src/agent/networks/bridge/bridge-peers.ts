import { type FSWatcher, watch } from 'node:fs';
import type { HostPrograms } from '../../processes/host-programs.ts';
import type { AddressHolder, BridgeAddresses } from './bridge-addresses.ts';
import type { BridgeConfig } from './bridge-config.ts';
import { peersScript } from './bridge-scripts.ts';

interface Limited {
  readonly config: BridgeConfig;
  readonly addresses: BridgeAddresses;
  readonly namespace: string;
  readonly allowedPeers: readonly string[];
}

/** Changes that come together are looked at once. */
const SETTLE_MS = 20;

/**
 * Keeps the rules of containers that only some apps may connect to up to date: they name addresses, and apps come and go,
 * also those of the machine's other agents, whose addresses lie in the same folder.
 */
export class BridgePeers {
  readonly #programs: HostPrograms;
  /** Runs a script of the shell while nobody else changes rules. */
  readonly #run: (script: string) => Promise<void>;
  readonly #limited = new Map<string, Limited>();
  /** The rules that are in force, as their text. */
  readonly #inForce = new Map<string, string>();
  readonly #watchers = new Map<string, FSWatcher>();
  #settling: NodeJS.Timeout | undefined;
  #work: Promise<void> = Promise.resolve();

  constructor({ programs, run }: { programs: HostPrograms; run: (script: string) => Promise<void> }) {
    this.#programs = programs;
    this.#run = run;
  }

  limit(device: string, limited: Limited): void {
    this.#limited.set(device, limited);
    this.#watch(limited.addresses.folder);
  }

  forget(device: string): void {
    this.#limited.delete(device);
    this.#inForce.delete(device);
  }

  /** Resolves when the rules are those of the apps that there are now. Rejects when those of that container cannot be set. */
  refresh(device?: string): Promise<void> {
    const turn = this.#work.then(() => this.#apply(device));
    this.#work = turn.catch(() => undefined);
    return turn;
  }

  close(): void {
    clearTimeout(this.#settling);
    for (const watcher of this.#watchers.values()) watcher.close();
  }

  async #apply(own: string | undefined): Promise<void> {
    for (const [device, { config, addresses, namespace, allowedPeers }] of [...this.#limited]) {
      const allowed = addresses
        .list()
        .filter((holder) => isAllowed(holder, allowedPeers))
        .map(({ address }) => address)
        .sort();
      const script = peersScript(config, { namespace, allowed, programs: this.#programs });
      if (this.#inForce.get(device) === script) continue;
      try {
        await this.#run(script);
        if (this.#limited.has(device)) this.#inForce.set(device, script);
      } catch (error) {
        // Others may have ended meanwhile; they keep the rules that they have.
        if (device === own) throw error;
      }
    }
  }

  #watch(folder: string): void {
    if (this.#watchers.has(folder)) return;
    const watcher = watch(folder, { persistent: false }, () => {
      clearTimeout(this.#settling);
      this.#settling = setTimeout(() => void this.refresh().catch(() => undefined), SETTLE_MS).unref();
    });
    watcher.on('error', () => this.#watchers.delete(folder));
    this.#watchers.set(folder, watcher);
  }
}

/** A pattern is a name, or with * at its end the beginning of one. */
const isAllowed = ({ names }: AddressHolder, patterns: readonly string[]): boolean =>
  patterns.some((pattern) =>
    names.some((name) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern)),
  );
