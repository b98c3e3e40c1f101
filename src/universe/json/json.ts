/**
 * A JSON value whose integers are exact: those beyond what a double holds exactly are bigints. Packages carry numbers
 * such as 9223372036854775807 that reach a template digit by digit.
 */
export type Json = null | boolean | number | bigint | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value of an own key; keys such as `constructor` are no more special than others. */
export const entryOf = (object: JsonObject, key: string): Json | undefined =>
  Object.hasOwn(object, key) ? object[key] : undefined;

/** The same value with every bigint made a double, for what cannot take bigints (validators, JSON.stringify). */
export const withDoubles = (value: Json): Json => {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(withDoubles);
  return isJsonObject(value) ? objectWithDoubles(value) : value;
};

/** The same for an object, which stays one. */
export const objectWithDoubles = (object: JsonObject): JsonObject => mapValues(object, withDoubles);

/** The same value, in which objects have no entries whose value is null; what has none is not copied. */
export const withoutNulls = (value: Json): Json => {
  if (Array.isArray(value)) {
    const elements: readonly Json[] = value;
    const changed = elements.map(withoutNulls);
    return changed.every((element, index) => element === elements[index]) ? elements : changed;
  }
  if (!isJsonObject(value)) return value;
  const kept: [string, Json][] = [];
  let isChanged = false;
  for (const [key, entry] of Object.entries(value)) {
    const changed = entry === null ? null : withoutNulls(entry);
    isChanged ||= changed === null || changed !== entry;
    if (changed !== null) kept.push([key, changed]);
  }
  return isChanged ? Object.fromEntries(kept) : value;
};

const mapValues = (object: JsonObject, change: (value: Json) => Json): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
