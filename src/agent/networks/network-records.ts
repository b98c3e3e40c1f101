import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NetworkInfo } from '../../mesos/generated/mesos.ts';
import type { CniNetwork } from './cni-config.ts';
import type { CniResult } from './cni-result.ts';

/** A network that a container is, or was about to be, attached to, with all that it takes to undo that. */
export interface Attachment {
  readonly network: CniNetwork;
  readonly info: NetworkInfo;
  readonly interfaceName: string;
  /** What plugins are told beside the network's configuration, under `args`. */
  readonly args: Readonly<Record<string, unknown>>;
  /** Absent until it is attached. */
  readonly result?: CniResult;
}

/** What is known of one network namespace. */
export interface NetworkRecord {
  readonly ownerId: string;
  readonly attachments: readonly Attachment[];
  /** Whether all of it was attached; else the agent died on the way. */
  readonly isComplete: boolean;
}

const RECORD = 'record.json';

/**
 * The agent's notes on network namespaces, a folder each, with the files that containers see. A note is written before
 * anything is done: what the agent leaves when it dies can be undone in its next life.
 */
export class NetworkRecords {
  readonly #folder: string;
  /** What was read or written already: statuses ask for it again and again. */
  readonly #known = new Map<string, NetworkRecord>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  write(record: NetworkRecord): void {
    const folder = this.folderOf(record.ownerId);
    mkdirSync(folder, { recursive: true });
    const file = join(folder, RECORD);
    writeFileSync(`${file}.new`, JSON.stringify(record));
    renameSync(`${file}.new`, file);
    this.#known.set(record.ownerId, record);
  }

  read(ownerId: string): NetworkRecord | undefined {
    const known = this.#known.get(ownerId);
    if (known) return known;
    try {
      const text = readFileSync(join(this.folderOf(ownerId), RECORD), 'utf8');
      const record = JSON.parse(text) as NetworkRecord;
      this.#known.set(ownerId, record);
      return record;
    } catch {
      return undefined;
    }
  }

  /** Containers that there are notes on. */
  owners(): string[] {
    try {
      return readdirSync(this.#folder).map(decodeURIComponent);
    } catch {
      return [];
    }
  }

  remove(ownerId: string): void {
    this.#known.delete(ownerId);
    rmSync(this.folderOf(ownerId), { recursive: true, force: true });
  }

  /** Where files of the container lie. */
  folderOf(ownerId: string): string {
    return join(this.#folder, encodeURIComponent(ownerId));
  }
}
