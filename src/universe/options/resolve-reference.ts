import { entryOf, isJsonObject, type Json, type JsonObject } from '../json/json.ts';

/** A chain of references is followed this far; one in a circle ends there. */
const MOST_HOPS = 16;

/**
 * The schema that a schema stands for: what its `$ref` leads to within the whole (`#/definitions/name`), else itself.
 * What leads nowhere, out of the document or in a circle says nothing: an empty schema.
 */
export const resolveReference = (root: JsonObject, schema: JsonObject): JsonObject => {
  let current = schema;
  for (let hop = 0; hop < MOST_HOPS; hop++) {
    const reference = entryOf(current, '$ref');
    if (typeof reference !== 'string') return current;
    const found = valueAt(root, reference);
    if (!isJsonObject(found)) return {};
    current = found;
  }
  return {};
};

const valueAt = (root: JsonObject, reference: string): Json | undefined => {
  if (reference === '#') return root;
  if (!reference.startsWith('#/')) return undefined;
  let value: Json | undefined = root;
  for (const part of reference.slice(2).split('/')) {
    const key = decoded(part);
    if (Array.isArray(value)) value = value[Number(key)];
    else value = isJsonObject(value) ? entryOf(value, key) : undefined;
  }
  return value;
};

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return part;
  }
};
