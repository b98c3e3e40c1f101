import { CliError } from '../errors/cli-error.ts';

/** A `KEY=VALUE` that was read; dots in the key lead into objects. */
export interface Assignment {
  readonly key: string;
  readonly path: readonly string[];
  readonly value: unknown;
}

/** Keys that would reach into what every object inherits. */
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Reads `KEY=VALUE`. A value is JSON where it reads as JSON, else a text; `KEY='"5"'` is a text too. Throws CliError, also
 * for a key that comes twice.
 */
export const parseAssignments = (texts: readonly string[]): Assignment[] => {
  const seen = new Set<string>();
  return texts.map((text) => {
    const assignment = parseAssignment(text);
    if (seen.has(assignment.key)) {
      throw new CliError('usage', `${assignment.key} was given more than once`);
    }
    seen.add(assignment.key);
    return assignment;
  });
};

const parseAssignment = (text: string): Assignment => {
  const sign = text.indexOf('=');
  if (sign < 1) {
    throw new CliError('usage', `"${text}" is not KEY=VALUE`, {
      hint: 'Such as instances=3 or cmd="sleep 100" or labels.tier=web',
    });
  }
  const key = text.slice(0, sign);
  const path = key.split('.');
  if (path.some((name) => name === '' || FORBIDDEN_KEYS.has(name))) {
    throw new CliError('usage', `"${key}" cannot be a key`);
  }
  return { key, path, value: readValue(text.slice(sign + 1)) };
};

const readValue = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

type JsonObject = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A copy of the object with the values put where they belong; what stands in the way of a path is replaced. */
export const assign = (object: JsonObject, assignments: readonly Assignment[]): JsonObject =>
  assignments.reduce((result, { path, value }) => put(result, path, value), object);

const put = (object: JsonObject, [first = '', ...rest]: readonly string[], value: unknown): JsonObject => {
  if (rest.length === 0) return { ...object, [first]: value };
  const inner = Object.hasOwn(object, first) ? object[first] : undefined;
  return { ...object, [first]: put(isObject(inner) ? inner : {}, rest, value) };
};

/**
 * The change that the assignments make to an object, for an API that replaces top-level fields as a whole: a path into a
 * field brings the rest of that field along.
 */
export const changeBy = (object: JsonObject, assignments: readonly Assignment[]): JsonObject => {
  const changed = assign(object, assignments);
  return Object.fromEntries(assignments.map(({ path: [field = ''] }) => [field, changed[field]]));
};
