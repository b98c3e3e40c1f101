import type { PackageSummary } from '../definition/package-definition.ts';
import type { Catalog, CatalogEntry } from './catalog.ts';
import { type Matcher, matcherOf } from './search-matcher.ts';

export interface SearchResult {
  /** What is installed by default. */
  readonly entry: CatalogEntry;
  /** Revision by version, in the order of the catalog. */
  readonly versions: Readonly<Record<string, number>>;
}

/** By name, as the original answers; or by how well a package fits, and then by name. Selected packages come first. */
export type SearchOrder = 'name' | 'fit';

export interface SearchIndex {
  /**
   * Searches names, descriptions and tags (reference 2.3): for a part, whatever its case; with `*` for the whole, where
   * `*` stands for any characters. Without a query: everything.
   */
  search(query?: string, order?: SearchOrder): readonly SearchResult[];
}

interface IndexedPackage {
  readonly result: SearchResult;
  readonly summary: PackageSummary;
  readonly isSelected: boolean;
  /** All that is searched, in lower case: most packages are told from it alone not to match. */
  readonly text: string;
}

/** Between fields, so that nothing matches across them. */
const SEPARATOR = '\0';

/** Prepares a catalog for being searched often. */
export const createSearchIndex = (catalog: Catalog): SearchIndex => {
  const indexed = [...catalog.values()].flatMap((entries) => {
    const [entry] = entries;
    return entry ? [indexPackage(entry, entries)] : [];
  });
  // The catalog is in the order of names, and stays so within both groups.
  const byName = [
    ...indexed.filter(({ isSelected }) => isSelected),
    ...indexed.filter(({ isSelected }) => !isSelected),
  ];
  return {
    search: (query = '', order = 'name') => {
      const matcher = matcherOf(query);
      const found = query === '' ? byName : byName.filter((item) => isMatch(item, matcher));
      return (order === 'name' || query === '' ? found : byFit(found, matcher)).map(({ result }) => result);
    },
  };
};

const indexPackage = (entry: CatalogEntry, entries: readonly CatalogEntry[]): IndexedPackage => {
  const { summary } = entry.packed;
  const { name, description, tags, selected } = summary;
  return {
    result: {
      entry,
      versions: Object.fromEntries(
        entries.map(({ packed }) => [packed.summary.version, packed.summary.releaseVersion]),
      ),
    },
    summary,
    isSelected: selected === true,
    text: [name, description, ...tags].join(SEPARATOR).toLowerCase(),
  };
};

const isMatch = ({ summary, text }: IndexedPackage, { matches, part }: Matcher): boolean => {
  if (part !== undefined) return text.includes(part);
  const { name, description, tags } = summary;
  return matches(name) || matches(description) || tags.some(matches);
};

const byFit = (found: readonly IndexedPackage[], matcher: Matcher): readonly IndexedPackage[] =>
  found
    .map((item) => ({ item, misfit: misfitOf(item.summary, matcher) }))
    .sort((a, b) => Number(b.item.isSelected) - Number(a.item.isSelected) || a.misfit - b.misfit)
    .map(({ item }) => item);

/** More than any difference within a field. */
const FIELD = 10;

/** The name counts more than tags, and these more than the description; in each the whole, then its beginning. */
const misfitOf = ({ name, description, tags }: PackageSummary, { misfit }: Matcher): number => {
  const ofTags = tags.map((tag) => FIELD + misfit(tag));
  return Math.min(misfit(name), ...ofTags, 2 * FIELD + misfit(description));
};
