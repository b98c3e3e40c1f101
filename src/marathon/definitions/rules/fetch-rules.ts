import type { FetchUri } from '../app.ts';
import type { Violation } from '../violation.ts';
import { type Rule, violationIf } from './rule.ts';

/** URIs of java.net.URI's kind: no blanks and none of the characters that have to be escaped. */
const FORBIDDEN_IN_URI = /[\s<>"{}|\\^`]/;

/** Fetched files; `maven:` and `npm:` coordinates are URIs too. */
export const fetchRules: Rule = ({ fetch }) => fetchViolations(fetch, '/fetch');

/** The same of files wherever they are listed. */
export const fetchViolations = (files: readonly FetchUri[], path: string): Violation[] =>
  files.flatMap(({ uri }, index) =>
    violationIf(FORBIDDEN_IN_URI.test(uri), `${path}(${index})/uri`, 'URI has invalid syntax.'),
  );
