import { createHash } from 'node:crypto';
import type { Clock } from '../../runtime/clock.ts';
import type { Store } from '../../store/store.ts';
import { type HistoryAction, type HistoryEntry, isSameState, type ServiceState } from './history-entry.ts';

/** Of each service so many entries are kept, the newest. */
const MOST_ENTRIES = 20;
/** Services whose history is kept; beyond that the one that changed longest ago is forgotten. */
const MOST_SERVICES = 1_000;

/** A definition has some ten kilobytes and is mostly the same from entry to entry: each is kept once. */
interface StoredHistory {
  readonly appId: string;
  readonly entries: readonly (Omit<HistoryEntry, 'definitionLabel'> & { readonly digest: string })[];
  readonly definitions: Readonly<Record<string, string>>;
}

/**
 * What services ran as, durable: the state after every installation, update and rollback, so that each can be gone back
 * to when no repository has it any more.
 */
export class ServiceHistory {
  readonly #store: Store;
  readonly #clock: Clock;

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** The entries of a service, the oldest first. */
  entries(appId: string): readonly HistoryEntry[] {
    const { entries, definitions } = this.#read(appId);
    return entries.map(({ digest, ...entry }) => ({ ...entry, definitionLabel: definitions[digest] ?? '' }));
  }

  /** Begins the history of a service anew: what ran under its id before was something else. */
  async begin(appId: string, state: ServiceState): Promise<void> {
    await this.#write(appId, [this.#entry('INSTALLED', state, 1)]);
  }

  /** Writes down what a service runs as, unless that is what was written down last. */
  async noteFound(appId: string, state: ServiceState): Promise<void> {
    const last = this.entries(appId).at(-1);
    if (last === undefined || !isSameState(last, state)) await this.add(appId, 'FOUND', state);
  }

  async add(appId: string, action: HistoryAction, state: ServiceState): Promise<void> {
    const entries = this.entries(appId);
    const entry = this.#entry(action, state, (entries.at(-1)?.id ?? 0) + 1);
    await this.#write(appId, [...entries, entry].slice(-MOST_ENTRIES));
  }

  async forget(appId: string): Promise<void> {
    await this.#store.write([{ key: keyOf(appId), value: undefined }]);
  }

  #entry(action: HistoryAction, state: ServiceState, id: number): HistoryEntry {
    return { ...state, id, action, atMs: this.#clock.now() };
  }

  #read(appId: string): StoredHistory {
    const stored = this.#store.get(keyOf(appId));
    return (stored as StoredHistory | undefined) ?? { appId, entries: [], definitions: {} };
  }

  async #write(appId: string, entries: readonly HistoryEntry[]): Promise<void> {
    const definitions: Record<string, string> = {};
    const packed = entries.map(({ definitionLabel, ...entry }) => {
      const digest = digestOf(definitionLabel);
      definitions[digest] = definitionLabel;
      return { ...entry, digest };
    });
    const value: StoredHistory = { appId, entries: packed, definitions };
    const forgotten = this.#oldServices(appId).map((key) => ({ key, value: undefined }));
    await this.#store.write([{ key: keyOf(appId), value }, ...forgotten]);
  }

  /** Keys of the histories that have to go so that one more has room. */
  #oldServices(appId: string): readonly string[] {
    const others = [...this.#store.range('')].filter(({ key }) => key !== keyOf(appId));
    const changedAtMs = ({ entries }: StoredHistory): number => entries.at(-1)?.atMs ?? 0;
    return others
      .sort((a, b) => changedAtMs(a.value as StoredHistory) - changedAtMs(b.value as StoredHistory))
      .slice(0, Math.max(0, others.length + 1 - MOST_SERVICES))
      .map(({ key }) => key);
  }
}

/** Ids of apps may be longer than a key. */
const keyOf = (appId: string): string => digestOf(appId);

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');
