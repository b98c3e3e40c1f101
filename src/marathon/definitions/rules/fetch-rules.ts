import { type Rule, violationIf } from './rule.ts';

/** URIs of java.net.URI's kind: no blanks and none of the characters that have to be escaped. */
const FORBIDDEN_IN_URI = /[\s<>"{}|\\^`]/;

/** Fetched files; `maven:` and `npm:` coordinates are URIs too. */
export const fetchRules: Rule = function* ({ fetch }) {
  for (const [index, { uri }] of fetch.entries()) {
    yield* violationIf(FORBIDDEN_IN_URI.test(uri), `/fetch(${index})/uri`, 'URI has invalid syntax.');
  }
};
