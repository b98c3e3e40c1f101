import type { PackageRepository } from '../../clients/cosmos-types.ts';
import { formatCount, formatDuration } from '../output/format.ts';
import type { Column } from '../output/table.ts';

/** All but name and URI are told by Plenum's own service only. */
export const REPOSITORY_COLUMNS: readonly Column<PackageRepository>[] = [
  { heading: 'NAME', value: ({ name }) => name },
  { heading: 'URI', value: ({ uri }) => uri },
  { heading: 'STATE', value: ({ state }) => textOf(state) },
  { heading: 'PACKAGES', value: ({ packages }) => textOf(packages), isNumber: true },
  {
    heading: 'PROBLEM',
    value: ({ problem, packageProblems }) => textOf(problem) || damagedText(packageProblems),
    style: (_repository, paint) => paint.bad,
  },
  { heading: 'AGE', value: ({ confirmedAt }) => ageOf(confirmedAt) },
  { heading: 'COMMIT', value: ({ commit }) => textOf(commit).slice(0, SHORT_COMMIT) },
];

const SHORT_COMMIT = 12;
const MOST_PROBLEMS = 5;

/** What is wrong with single packages of a repository, the first few of them. */
export const problemLines = ({ name, packageProblems }: PackageRepository): readonly string[] => {
  if (!Array.isArray(packageProblems)) return [];
  const problems: readonly Partial<Record<'where' | 'message', unknown>>[] = packageProblems;
  const lines = problems
    .slice(0, MOST_PROBLEMS)
    .map(({ where, message }) => `${name}: ${textOf(where)}: ${textOf(message)}`);
  const more = problems.length - lines.length;
  return more > 0 ? [...lines, `${name}: and ${formatCount(more, 'more problem')}; --json has all`] : lines;
};

const textOf = (value: unknown): string => (value === undefined || value === null ? '' : String(value));

/** Since the repository was last seen to hold this. */
const ageOf = (confirmedAt: unknown): string =>
  typeof confirmedAt === 'string' ? formatDuration(wholeSeconds(Date.now() - Date.parse(confirmedAt))) : '';

const wholeSeconds = (ms: number): number => Math.max(0, Math.floor(ms / 1_000)) * 1_000;

const damagedText = (problems: unknown): string =>
  Array.isArray(problems) && problems.length > 0
    ? `${formatCount(problems.length, 'package')} cannot be read`
    : '';
