import { isSegment, type PathId, ROOT, type RunSpecId, SEGMENT_PATTERN, segmentsOf } from '../path-id.ts';
import type { Violation } from '../violation.ts';
import { type Rule, violationIf } from './rule.ts';

/** Last segments that mean something else in the API's URLs (marathon.md 2.1). */
const RESERVED = new Set(['restart', 'tasks', 'versions']);

/** The id of the app, and those of its dependencies. */
export const idRules: Rule = function* ({ id, dependencies }) {
  yield* specIdViolations(id);
  const last = segmentsOf(id).at(-1) ?? '';
  yield* violationIf(
    RESERVED.has(last),
    '/id',
    `must not end with any of the following reserved words: ${[...RESERVED].join(', ')}`,
  );
  for (const [index, dependency] of dependencies.entries()) {
    yield* pathViolations(`/dependencies(${index})`, dependency);
  }
};

/** What holds for the ids of apps and of pods. */
export const specIdViolations = (id: RunSpecId): Violation[] => [
  ...pathViolations('/id', id),
  ...violationIf(id === ROOT, '/id', 'must not be root'),
];

/** An id that says nothing; once it is resolved, it looks like the root. */
export const emptyIdViolations = (id: string | undefined): Violation[] =>
  violationIf(id === '', '/id', 'Path must contain at least one path element');

/** What is wrong about an absolute id, wherever it is written. */
export const pathViolations = (path: string, id: PathId): Violation[] =>
  violationIf(
    !segmentsOf(id).every(isSegment),
    path,
    `must fully match regular expression '${SEGMENT_PATTERN}'`,
  );
