import { expect } from 'vitest';
import { type Mismatch, NOTHING } from './compare.ts';
import { DIFFERENCES, type Difference, LEFT_OUT } from './differences.ts';

const used = new Set<Difference>();

/** Fails unless every mismatch is a known difference. */
export const judge = (capture: string, mismatches: readonly Mismatch[]): void => {
  const unexpected = mismatches.filter((mismatch) => {
    const known = DIFFERENCES.filter((difference) => concerns(difference, capture, mismatch));
    for (const difference of known) used.add(difference);
    return known.length === 0;
  });
  const lines = unexpected.map(({ at, golden, ours }) => `${at}: Mesos ${golden}, Plenum ${ours}`);
  expect(lines, `${capture} is not answered as Mesos did`).toEqual([]);
};

export const isLeftOut = (capture: string): boolean =>
  LEFT_OUT.some(({ captures }) => captures.test(capture));

/** Differences about these captures that no answer showed: they are none any more. */
export const unusedDifferences = (captures: readonly string[]): string[] =>
  DIFFERENCES.filter(
    (difference) =>
      !used.has(difference) &&
      difference.captures !== undefined &&
      captures.some((capture) => difference.captures?.test(capture)),
  ).map(({ captures: concerned, at }) => `${concerned} ${at}`);

const concerns = (
  { captures, at: pattern, silent }: Difference,
  capture: string,
  { at, golden, ours }: Mismatch,
): boolean =>
  (captures?.test(capture) ?? true) &&
  patternOf(pattern).test(at) &&
  (silent === undefined || (silent === 'Mesos' ? golden : ours) === NOTHING);

const patternOf = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);
