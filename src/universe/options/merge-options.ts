import { entryOf, isJsonObject, type Json, type JsonObject } from '../json/json.ts';

/**
 * Lays `over` on `under`: objects are merged key by key, anything else (arrays, nulls too) is replaced as a whole.
 */
export const mergeOptions = (under: JsonObject, over: JsonObject): JsonObject => {
  const merged = new Map<string, Json>(Object.entries(under));
  for (const [key, value] of Object.entries(over)) {
    const present = entryOf(under, key);
    merged.set(key, isJsonObject(present) && isJsonObject(value) ? mergeOptions(present, value) : value);
  }
  return Object.fromEntries(merged);
};
