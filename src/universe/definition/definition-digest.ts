import { createHash } from 'node:crypto';
import { isJsonObject, type Json, withDoubles, withoutNulls } from '../json/json.ts';

/**
 * What a definition is, in a few letters: `sha256:` and the hash of its JSON without white space, nulls dropped and keys
 * sorted, so that it is the same wherever the definition was read. Web addresses must be the package's own.
 */
export const definitionDigest = (definition: Json): string => {
  const text = JSON.stringify(sorted(withoutNulls(withDoubles(definition))));
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
};

const sorted = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  // Names such as __proto__ are names like any other.
  return Object.fromEntries(entries.map(([key, entry]) => [key, sorted(entry)]));
};
