import type { PackageTest } from '../../universe/authoring/testing/run-package-tests.ts';
import { type Json, withDoubles } from '../../universe/json/json.ts';
import { stringifyJson } from '../../universe/json/stringify-json.ts';

const MOST_DIFFERENCES = 20;
const LONGEST_VALUE = 120;

/** A test and its outcome, and below it every place where what is kept and what is rendered differ. */
export const testLines = ({ file, outcome, differences, trouble }: PackageTest): readonly string[] => {
  const shown = outcome === 'failed' ? differences.slice(0, MOST_DIFFERENCES) : [];
  const more = outcome === 'failed' ? differences.length - shown.length : 0;
  return [
    `${outcome}  ${file}`,
    ...(trouble === undefined ? [] : [`    ${trouble}`]),
    ...shown.map(
      ({ pointer, expected, found }) =>
        `    ${pointer || '/'}: kept ${text(expected)}, rendered ${text(found)}`,
    ),
    ...(more === 0 ? [] : [`    and ${more} more`]),
  ];
};

const text = (value: Json | undefined): string => {
  if (value === undefined) return 'nothing';
  const json = stringifyJson(value);
  return json.length <= LONGEST_VALUE ? json : `${json.slice(0, LONGEST_VALUE)}…`;
};

/** The same for programs. */
export const testJson = ({ differences, ...test }: PackageTest): object => ({
  ...test,
  differences: differences.map(({ pointer, expected, found }) => ({
    pointer,
    ...(expected === undefined ? {} : { expected: withDoubles(expected) }),
    ...(found === undefined ? {} : { found: withDoubles(found) }),
  })),
});
