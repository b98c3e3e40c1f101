import type { PackageSummary } from '../definition/package-definition.ts';
import type { Catalog, CatalogEntry } from './catalog.ts';

export interface SearchResult {
  /** What is installed by default. */
  readonly entry: CatalogEntry;
  /** Revision by version, in the order of the catalog. */
  readonly versions: Readonly<Record<string, number>>;
}

/**
 * Searches names, descriptions and tags (reference 2.3): for a part, whatever its case; with `*` for the whole, where `*`
 * stands for any characters. Certified packages come first, each group by name.
 */
export const searchCatalog = (catalog: Catalog, query = ''): readonly SearchResult[] => {
  const matches = matcherOf(query);
  const results = [...catalog.values()].flatMap((entries): SearchResult[] => {
    const [entry] = entries;
    if (!entry || !isMatch(entry.packed.summary, matches)) return [];
    return [
      {
        entry,
        versions: Object.fromEntries(
          entries.map(({ packed: { summary } }) => [summary.version, summary.releaseVersion]),
        ),
      },
    ];
  });
  const isSelected = ({ entry }: SearchResult): boolean => entry.packed.summary.selected === true;
  return [...results.filter(isSelected), ...results.filter((result) => !isSelected(result))];
};

type Matcher = (field: string) => boolean;

const isMatch = ({ name, description, tags }: PackageSummary, matches: Matcher): boolean =>
  matches(name) || matches(description) || tags.some(matches);

const matcherOf = (query: string): Matcher => {
  if (query.includes('*')) return (field) => matchesWildcard(field, query.split('*'));
  const part = query.toLowerCase();
  return (field) => field.toLowerCase().includes(part);
};

/** Part by part from the left, so that no pattern takes long. A star stands for no line break. */
const matchesWildcard = (field: string, parts: readonly string[]): boolean => {
  const [first = '', ...rest] = parts;
  const last = rest.pop() ?? '';
  if (/[\r\n]/.test(field) || !field.startsWith(first)) return false;
  let position = first.length;
  for (const part of rest) {
    const found = field.indexOf(part, position);
    if (found < 0) return false;
    position = found + part.length;
  }
  return field.endsWith(last) && field.length - last.length >= position;
};
