import type { PackageRepository } from '../../clients/cosmos-types.ts';
import { formatCount } from '../output/format.ts';
import type { Column } from '../output/table.ts';

/** State, packages and problem are told by Plenum's own service only. */
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
];

const textOf = (value: unknown): string => (value === undefined || value === null ? '' : String(value));

const damagedText = (problems: unknown): string =>
  Array.isArray(problems) && problems.length > 0
    ? `${formatCount(problems.length, 'package')} cannot be read`
    : '';
