import type { Clock } from '../../runtime/clock.ts';
import { pause } from '../../runtime/clock.ts';
import { errorMessage } from '../../runtime/error-message.ts';
import type { Log } from '../../runtime/log.ts';
import { type Catalog, mergeRepositories, type Repository } from '../../universe/catalog/catalog.ts';
import { createSearchIndex, type SearchIndex } from '../../universe/catalog/search-index.ts';
import type { PackageProblem } from '../../universe/sources/file-tree.ts';
import type { LoadedRepository } from '../../universe/sources/loaded-repository.ts';
import {
  type OpenedRepository,
  openRepository,
  pruneCache,
  type RepositoryTools,
} from '../../universe/sources/open-repository.ts';
import { redactUri } from '../../universe/sources/repository-uri.ts';

/** What people see of a repository beside its name. */
export interface RepositoryStatus {
  readonly repository: Repository;
  /** STALE: it cannot be read now, what was read before serves. */
  readonly state: 'LOADING' | 'READY' | 'STALE' | 'FAILED';
  /** Why it cannot be read. */
  readonly problem?: string;
  /** What is wrong with single packages. */
  readonly packageProblems: readonly PackageProblem[];
  readonly packageCount: number;
  /** When the source last said that it holds this, in ms since 1970. */
  readonly confirmedAtMs?: number;
  /** Of a repository in Git. */
  readonly commit?: string;
  /** Of one that is one file or artifact. */
  readonly digest?: string;
}

/** What can be read of all repositories now. */
export interface CatalogView {
  readonly catalog: Catalog;
  readonly index: SearchIndex;
  /** Repositories that contribute nothing, or only what they had before. */
  readonly troubled: readonly RepositoryStatus[];
}

export interface RepositoryCacheOptions {
  readonly tools: RepositoryTools;
  readonly clock: Clock;
  readonly log: Log;
  /** The repositories in their order, asked anew each time. */
  readonly repositories: () => readonly Repository[];
}

/** How long what was read counts as current: a package author sees a change at once, a server is not pestered. */
const FRESH_MS = { files: 500, git: 60_000, http: 60_000, oci: 60_000 } as const;
const RETRY_MS = 10_000;
/** A folder with more packages is looked at while what was read before serves. */
const MOST_LOOKED_AT_FIRST = 200;
/** After a look comes a rest so many times as long. */
const LEAST_REST = 10;
/** A repository that answers slowly is not waited for any longer; it joins when it has answered. */
const LONGEST_WAIT_MS = 5_000;
const LONGEST_CLOSE_MS = 2_000;

interface Entry {
  readonly repository: Repository;
  source?: OpenedRepository;
  loaded?: LoadedRepository;
  problem?: string;
  checkedAtMs?: number;
  confirmedAtMs?: number;
  /** How long it took to see that nothing has changed. */
  lookMs?: number;
  loading?: Promise<void>;
}

/**
 * Keeps what repositories hold, each on its own: one that is broken, slow or away never hurts the others. What was read
 * once serves while it is read anew.
 */
export class RepositoryCache {
  readonly #options: RepositoryCacheOptions;
  readonly #entries = new Map<string, Entry>();
  #merged:
    | (Pick<CatalogView, 'catalog' | 'index'> & {
        of: readonly (LoadedRepository | undefined)[];
        order: readonly Repository[];
      })
    | undefined;

  constructor(options: RepositoryCacheOptions) {
    this.#options = options;
  }

  /** Deletes what is kept of repositories that are there no more; before anything is read. */
  async prune(): Promise<void> {
    await pruneCache(this.#options.tools.cacheDir, this.#options.repositories());
  }

  /** Begins to read whatever is not current. */
  warmUp(): void {
    for (const entry of this.#current()) this.#refresh(entry);
  }

  /** Lets what is being read come to its end, unless that takes long. */
  async close(): Promise<void> {
    const loads = [...this.#entries.values()].map(({ loading }) => loading);
    await Promise.race([Promise.all(loads), pause(this.#options.clock, LONGEST_CLOSE_MS)]);
  }

  async view(): Promise<CatalogView> {
    const entries = this.#current();
    const waits = entries.flatMap((entry) => this.#refresh(entry) ?? []);
    if (waits.length > 0)
      await Promise.race([Promise.all(waits), pause(this.#options.clock, LONGEST_WAIT_MS)]);
    const { catalog, index } = this.#merge(entries);
    return {
      catalog,
      index,
      troubled: entries.map(statusOf).filter(({ state }) => state !== 'READY'),
    };
  }

  statuses(): readonly RepositoryStatus[] {
    return this.#current().map(statusOf);
  }

  /**
   * Reads a repository that is to be added, and keeps what it holds. Throws RepositoryError when it cannot be read.
   */
  async probe(repository: Repository): Promise<void> {
    const source = openRepository(repository, this.#options.tools);
    const loaded = await source.load();
    const now = this.#options.clock.now();
    const confirmedAtMs = loaded.stale?.sinceMs ?? now;
    this.#entries.set(repository.uri, { repository, source, loaded, checkedAtMs: now, confirmedAtMs });
  }

  /** Entries of the repositories that there are now, in their order; others are forgotten. */
  #current(): Entry[] {
    const repositories = this.#options.repositories();
    const uris = new Set(repositories.map(({ uri }) => uri));
    for (const uri of this.#entries.keys()) if (!uris.has(uri)) this.#entries.delete(uri);
    return repositories.map((repository) => {
      const present = this.#entries.get(repository.uri);
      const entry = present?.repository.name === repository.name ? present : { repository };
      this.#entries.set(repository.uri, entry);
      return entry;
    });
  }

  /** Starts reading when due; gives what is worth waiting for. */
  #refresh(entry: Entry): Promise<void> | undefined {
    if (entry.loading === undefined && this.#isDue(entry)) {
      entry.loading = this.#load(entry).finally(() => {
        delete entry.loading;
      });
    }
    // A few packages on this machine are looked at in no time, and their author expects to see what has changed.
    const isSmall = (entry.loaded?.definitions.length ?? 0) <= MOST_LOOKED_AT_FIRST;
    const isWorthWaiting = entry.loaded === undefined || (isSmall && entry.source?.location.kind === 'files');
    return isWorthWaiting ? entry.loading : undefined;
  }

  #isDue(entry: Entry): boolean {
    const { checkedAtMs, source } = entry;
    if (checkedAtMs === undefined) return true;
    const kind = source?.location.kind ?? 'http';
    const usualMs = troubleOf(entry) !== undefined && kind !== 'files' ? RETRY_MS : FRESH_MS[kind];
    const freshMs = Math.max(usualMs, (entry.lookMs ?? 0) * LEAST_REST);
    return this.#options.clock.now() - checkedAtMs >= freshMs;
  }

  async #load(entry: Entry): Promise<void> {
    const { clock, log, tools } = this.#options;
    const { name } = entry.repository;
    const begunMs = clock.now();
    try {
      entry.source ??= openRepository(entry.repository, tools);
      const loaded = await entry.source.load(entry.loaded);
      if (loaded === entry.loaded) entry.lookMs = clock.now() - begunMs;
      else {
        const { definitions, problems } = loaded;
        log.info(
          { repository: name, packages: definitions.length, problems: problems.length },
          'read a repository',
        );
      }
      if (loaded.stale)
        log.warn({ repository: name, problem: loaded.stale.reason }, 'uses a copy of a repository');
      entry.loaded = loaded;
      entry.confirmedAtMs = loaded.stale?.sinceMs ?? clock.now();
      delete entry.problem;
    } catch (error) {
      const problem = errorMessage(error);
      if (problem !== entry.problem) log.warn({ repository: name, problem }, 'cannot read a repository');
      entry.problem = problem;
    }
    entry.checkedAtMs = clock.now();
  }

  #merge(entries: readonly Entry[]): Pick<CatalogView, 'catalog' | 'index'> {
    const of = entries.map(({ loaded }) => loaded);
    const order = entries.map(({ repository }) => repository);
    const known = this.#merged;
    if (known && isSame(known.of, of) && isSame(known.order, order)) return known;
    const catalog = mergeRepositories(
      entries.flatMap(({ repository, loaded }) =>
        loaded ? [{ repository, definitions: loaded.definitions }] : [],
      ),
    );
    this.#merged = { of, order, catalog, index: createSearchIndex(catalog) };
    return this.#merged;
  }
}

const isSame = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((value, index) => value === b[index]);

/** Why the repository cannot be read now. */
const troubleOf = ({ loaded, problem }: Entry): string | undefined => problem ?? loaded?.stale?.reason;

const statusOf = (entry: Entry): RepositoryStatus => {
  const { repository, loaded, confirmedAtMs } = entry;
  const problem = troubleOf(entry);
  return {
    repository: { ...repository, uri: redactUri(repository.uri) },
    state: problem === undefined ? (loaded ? 'READY' : 'LOADING') : loaded ? 'STALE' : 'FAILED',
    ...(problem === undefined ? {} : { problem }),
    packageProblems: loaded?.problems ?? [],
    packageCount: new Set(loaded?.definitions.map(({ summary }) => summary.name)).size,
    ...(confirmedAtMs === undefined ? {} : { confirmedAtMs }),
    ...(loaded?.commit === undefined ? {} : { commit: loaded.commit }),
    ...(loaded?.digest === undefined ? {} : { digest: loaded.digest }),
  };
};
