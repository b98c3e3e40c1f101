import { createHash } from 'node:crypto';
import type { Clock } from '../../runtime/clock.ts';
import { errorMessage } from '../../runtime/error-message.ts';
import type { Log } from '../../runtime/log.ts';
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

/** Both by the digest of the app's id, which may be longer than a key. */
const ENTRIES = 'services/';
/** Times of the last changes, apart from the entries so that finding the oldest does not read them all. */
const CHANGED = 'changed/';

/**
 * What services ran as, durable: the state after every installation, update and rollback, so that each can be gone back
 * to when no repository has it any more. Changes wait for each other.
 */
export class ServiceHistory {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #log: Log;
  #lastChange: Promise<void> = Promise.resolve();

  constructor(store: Store, clock: Clock, log: Log) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
  }

  /** The entries of a service, the oldest first. */
  entries(appId: string): readonly HistoryEntry[] {
    const stored = this.#store.get(ENTRIES + digestOf(appId)) as StoredHistory | undefined;
    if (stored === undefined) return [];
    const { entries, definitions } = stored;
    return entries.map(({ digest, ...entry }) => ({ ...entry, definitionLabel: definitions[digest] ?? '' }));
  }

  /** Writes down what a service runs as before it is changed, unless that was written down last. Rejects with the store. */
  noteFound(appId: string, state: ServiceState): Promise<void> {
    return this.#change(async () => {
      const entries = this.entries(appId);
      const last = entries.at(-1);
      if (last === undefined || !isSameState(last, state)) await this.#append(appId, entries, 'FOUND', state);
    });
  }

  /**
   * Writes down what a service runs as from now on; an installation begins its history anew. That it could not be written
   * does not undo what was done: the next change finds it.
   */
  async record(appId: string, action: HistoryAction, state: ServiceState): Promise<void> {
    try {
      await this.#change(() =>
        this.#append(appId, action === 'INSTALLED' ? [] : this.entries(appId), action, state),
      );
    } catch (error) {
      this.#log.warn(
        { app: appId, problem: errorMessage(error) },
        'cannot write down what a service runs as',
      );
    }
  }

  forget(appId: string): Promise<void> {
    const key = digestOf(appId);
    return this.#change(() =>
      this.#store.write([
        { key: ENTRIES + key, value: undefined },
        { key: CHANGED + key, value: undefined },
      ]),
    );
  }

  async #append(
    appId: string,
    present: readonly HistoryEntry[],
    action: HistoryAction,
    state: ServiceState,
  ): Promise<void> {
    const atMs = this.#clock.now();
    const entry = { ...state, id: (present.at(-1)?.id ?? 0) + 1, action, atMs };
    const key = digestOf(appId);
    await this.#store.write([
      { key: ENTRIES + key, value: packed(appId, [...present, entry].slice(-MOST_ENTRIES)) },
      { key: CHANGED + key, value: atMs },
      ...this.#oldServices(key).flatMap((old) => [
        { key: ENTRIES + old, value: undefined },
        { key: CHANGED + old, value: undefined },
      ]),
    ]);
  }

  /** Those whose histories have to go so that this one has room. */
  #oldServices(key: string): readonly string[] {
    const others = [...this.#store.range(CHANGED)]
      .map((changed) => ({ key: changed.key.slice(CHANGED.length), atMs: Number(changed.value) }))
      .filter((other) => other.key !== key);
    return others
      .sort((a, b) => a.atMs - b.atMs)
      .slice(0, Math.max(0, others.length + 1 - MOST_SERVICES))
      .map((other) => other.key);
  }

  #change(change: () => Promise<void>): Promise<void> {
    const changed = this.#lastChange.then(change);
    this.#lastChange = changed.catch(() => undefined);
    return changed;
  }
}

const packed = (appId: string, entries: readonly HistoryEntry[]): StoredHistory => {
  const definitions: Record<string, string> = {};
  const withDigests = entries.map(({ definitionLabel, ...entry }) => {
    const digest = digestOf(definitionLabel);
    definitions[digest] = definitionLabel;
    return { ...entry, digest };
  });
  return { appId, entries: withDigests, definitions };
};

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');
