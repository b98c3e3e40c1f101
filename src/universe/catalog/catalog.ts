import type { PackedDefinition } from '../definition/packed-definition.ts';

/** A repository as people named it. */
export interface Repository {
  readonly name: string;
  readonly uri: string;
  /** The public key of minisign by which it must be signed. */
  readonly key?: string | undefined;
}

export interface CatalogEntry {
  readonly packed: PackedDefinition;
  readonly repository: Repository;
}

/** All packages of several repositories: by name, and of each name the one that is installed by default first. */
export type Catalog = ReadonlyMap<string, readonly CatalogEntry[]>;

/**
 * Merges repositories, the first of which has the highest priority (reference 2.5): of a name and version the first
 * repository's definition counts, and within a repository the highest revision.
 */
export const mergeRepositories = (
  repositories: readonly { repository: Repository; definitions: readonly PackedDefinition[] }[],
): Catalog => {
  const names = new Map<string, Map<string, CatalogEntry>>();
  for (const { repository, definitions } of repositories) {
    const newestFirst = [...definitions].sort((a, b) => b.summary.releaseVersion - a.summary.releaseVersion);
    for (const packed of newestFirst) {
      const { name, version } = packed.summary;
      const versions = names.get(name) ?? new Map<string, CatalogEntry>();
      if (!versions.has(version)) versions.set(version, { packed, repository });
      names.set(name, versions);
    }
  }
  const sorted = [...names].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(sorted.map(([name, versions]) => [name, [...versions.values()]]));
};

/**
 * Finds a package; without a version the one of the highest revision in the first repository that has the package.
 * Versions are never compared, they are text.
 */
export const findPackage = (
  catalog: Catalog,
  name: string,
  version?: string,
): CatalogEntry | 'no-package' | 'no-version' => {
  const entries = catalog.get(name);
  if (entries === undefined) return 'no-package';
  const found =
    version === undefined ? entries[0] : entries.find(({ packed }) => packed.summary.version === version);
  return found ?? 'no-version';
};
