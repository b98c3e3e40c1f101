import { pathToFileURL } from 'node:url';
import type { Store } from '../../store/store.ts';
import type { Repository } from '../../universe/catalog/catalog.ts';
import { redactUri } from '../../universe/sources/repository-uri.ts';
import { cosmosError } from '../api/cosmos-error.ts';

/** Repositories that a cluster may have. */
const MOST_REPOSITORIES = 100;
const LONGEST_NAME = 255;
const KEY = 'repositories';

/** A repository as it is stored; the bundled one has no URI, because the installation may move. */
interface StoredRepository {
  name: string;
  uri: string | null;
  key?: string;
}

/** The repositories of the cluster, durable, the first with the highest priority. */
export class RepositoryList {
  readonly #store: Store;
  readonly #bundledUri: string;
  #repositories: readonly Repository[];
  /** Changes wait for each other, so that none is lost. */
  #lastChange: Promise<unknown> = Promise.resolve();

  constructor(store: Store, bundledUniverse: string) {
    this.#store = store;
    this.#bundledUri = pathToFileURL(bundledUniverse).href;
    const stored = store.get(KEY) as StoredRepository[] | undefined;
    this.#repositories = (stored ?? [{ name: 'Bundled', uri: null }]).map(({ name, uri, key }) => ({
      name,
      uri: uri ?? this.#bundledUri,
      ...(key === undefined ? {} : { key }),
    }));
  }

  all(): readonly Repository[] {
    return this.#repositories;
  }

  /** Throws the API's errors for what is wrong with a repository that is to be added, before anything is fetched. */
  check({ name, uri }: Repository, index: number | undefined): void {
    const repositories = this.#repositories;
    const hasName = repositories.some((present) => present.name === name);
    const hasUri = repositories.some((present) => present.uri === uri);
    if (hasName || hasUri) {
      const what = hasName ? `Repository name [${name}] is` : `Repository URI [${uri}] is`;
      throw cosmosError('RepositoryAlreadyPresent', `${what} already present in the list`, {
        data: { ...(hasName ? { name } : {}), ...(hasUri ? { uri } : {}) },
      });
    }
    const max = repositories.length;
    if (index !== undefined && (index < 0 || index > max)) {
      throw cosmosError(
        'RepositoryAddIndexOutOfBounds',
        `Index out of range: ${index}; it must be from 0 to ${max}`,
        {
          data: { attempted: index, max },
        },
      );
    }
    if (name.trim() === '' || name.length > LONGEST_NAME) {
      throw cosmosError('not_valid', `A repository's name must have 1 to ${LONGEST_NAME} characters`);
    }
    if (max >= MOST_REPOSITORIES)
      throw cosmosError('not_valid', `There are ${max} repositories already, no more fit`);
  }

  /** Puts a repository at the index, or last. Resolves once that is durable. */
  add(repository: Repository, index?: number): Promise<readonly Repository[]> {
    return this.#change(() => {
      this.check(repository, index);
      return this.#repositories.toSpliced(index ?? this.#repositories.length, 0, repository);
    });
  }

  /** Takes out the repository of the name, the URI, or both if both are given. Resolves once that is durable. */
  remove(wanted: {
    readonly name?: string | undefined;
    readonly uri?: string | undefined;
  }): Promise<readonly Repository[]> {
    return this.#change(() => {
      const { name, uri } = wanted;
      if (name === undefined && uri === undefined) {
        throw cosmosError('RepoNameOrUriMissing', 'Must specify either the name or URI of the repository');
      }
      const isWanted = (repository: Repository): boolean =>
        (name === undefined || repository.name === name) &&
        // People may give the URI as lists show it, without its password.
        (uri === undefined || repository.uri === uri || redactUri(repository.uri) === uri);
      if (!this.#repositories.some(isWanted)) {
        throw cosmosError(
          'RepositoryNotPresent',
          `Neither repository name [${name ?? 'None'}] nor URI [${uri ?? 'None'}] are present in the list`,
          { data: { ...(name === undefined ? {} : { name }), ...(uri === undefined ? {} : { uri }) } },
        );
      }
      return this.#repositories.filter((repository) => !isWanted(repository));
    });
  }

  #change(change: () => readonly Repository[]): Promise<readonly Repository[]> {
    const changed = this.#lastChange.then(async () => {
      const repositories = change();
      const stored = repositories.map(
        ({ name, uri, key }): StoredRepository => ({
          name,
          uri: uri === this.#bundledUri ? null : uri,
          ...(key === undefined ? {} : { key }),
        }),
      );
      await this.#store.write([{ key: KEY, value: stored }]);
      this.#repositories = repositories;
      return repositories;
    });
    this.#lastChange = changed.catch(() => undefined);
    return changed;
  }
}
