/** Version of the format of a built repository. */
export type RepositoryVersion = 'v3' | 'v4' | 'v5';

/** The releases of DC/OS that a repository is built for when nothing is said, the oldest first. */
export const RELEASES: readonly string[] = [
  '1.8',
  '1.9',
  '1.10',
  '1.11',
  '1.12',
  '1.13',
  '2.0',
  '2.1',
  '2.2',
];

export const repositoryMediaType = (version: RepositoryVersion): string =>
  `application/vnd.dcos.universe.repo+json;charset=utf-8;version=${version}`;

/** Which format clusters of a release read (reference 1.10). */
export const repositoryVersionOf = (release: string): RepositoryVersion => {
  if (compareVersions(release, '1.10') < 0) return 'v3';
  return compareVersions(release, '1.12') < 0 ? 'v4' : 'v5';
};

/**
 * Compares versions as the original builder does: split into numbers and words, part by part, and what has more parts is
 * newer (1.9.0 is newer than 1.9). Numbers are older than words.
 */
export const compareVersions = (one: string, other: string): number => {
  const [parts, otherParts] = [partsOf(one), partsOf(other)];
  for (let index = 0; index < Math.min(parts.length, otherParts.length); index++) {
    const order = compareParts(parts[index] ?? 0, otherParts[index] ?? 0);
    if (order !== 0) return order;
  }
  return parts.length - otherParts.length;
};

const partsOf = (version: string): (number | string)[] =>
  (version.match(/\d+|[a-z]+/gi) ?? []).map((part) => (/^\d/.test(part) ? Number(part) : part));

const compareParts = (one: number | string, other: number | string): number => {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  if (typeof one === 'number') return -1;
  if (typeof other === 'number') return 1;
  return one < other ? -1 : one > other ? 1 : 0;
};
