import { entryOf, isJsonObject, type Json, type JsonObject } from '../../json/json.ts';
import { escapePointer } from '../json-tree.ts';

/** An option that a config schema describes: a leaf or a section. */
export interface ConfigOption {
  /** Names from the top. */
  readonly path: readonly string[];
  /** Where its schema stands in config.json. */
  readonly pointer: string;
  readonly schema: JsonObject;
  /** Its own options are given by its schema alone: what is not listed is not there. */
  readonly isSection: boolean;
}

/** More options than this are not looked at; the largest published package has 495. */
const MOST_OPTIONS = 20_000;

/** All options of a schema, sections before what they hold. */
export const optionsOf = (schema: JsonObject): readonly ConfigOption[] => {
  const found: ConfigOption[] = [];
  const visit = (section: JsonObject, path: readonly string[], pointer: string): void => {
    const properties = entryOf(section, 'properties');
    if (!isJsonObject(properties)) return;
    for (const [name, property] of Object.entries(properties)) {
      if (!isJsonObject(property) || found.length >= MOST_OPTIONS) continue;
      const inner = { path: [...path, name], pointer: `${pointer}/properties/${escapePointer(name)}` };
      const isSection = isJsonObject(entryOf(property, 'properties'));
      found.push({ ...inner, schema: property, isSection });
      visit(property, inner.path, inner.pointer);
    }
  };
  visit(schema, [], '');
  return found;
};

/** A value with another one put at a path. */
export const withValueAt = (
  object: JsonObject,
  [first = '', ...rest]: readonly string[],
  value: Json,
): JsonObject => {
  if (rest.length === 0) return { ...object, [first]: value };
  const inner = entryOf(object, first);
  return { ...object, [first]: withValueAt(isJsonObject(inner) ? inner : {}, rest, value) };
};

export const valueAt = (object: JsonObject, path: readonly string[]): Json | undefined => {
  let value: Json | undefined = object;
  for (const name of path) value = isJsonObject(value) ? entryOf(value, name) : undefined;
  return value;
};
