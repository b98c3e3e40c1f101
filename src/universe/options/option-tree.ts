import { entryOf, isJsonObject, type Json, type JsonObject } from '../json/json.ts';
import { collectDefaults } from './collect-defaults.ts';
import { resolveReference } from './resolve-reference.ts';

/** An option of a package, or a section of them, as its config schema describes it. */
export interface OptionNode {
  readonly name: string;
  /** Names from the top, such as `['service', 'name']`. */
  readonly path: readonly string[];
  /** The schema of the value, without a reference at its top. */
  readonly schema: JsonObject;
  /** Empty when the schema names none. */
  readonly types: readonly string[];
  /** Whether its section is invalid without it. */
  readonly isRequired: boolean;
  /** What it is when the user says nothing; undefined: it is left out. */
  readonly default: Json | undefined;
  readonly description: string | undefined;
  /** The options of a section, in the order of the schema. */
  readonly children: readonly OptionNode[];
}

/** No published package has a tenth of either; schemas whose references multiply have more. */
const DEEPEST_OPTION = 32;
const MOST_OPTIONS = 10_000;

/** The options that a config schema describes, in its order. Schemas without end are cut. */
export const optionTree = (config: JsonObject): readonly OptionNode[] => {
  const defaults = collectDefaults(config);
  let left = MOST_OPTIONS;
  const children = (schema: JsonObject, path: readonly string[], given: Json | undefined): OptionNode[] => {
    const properties = entryOf(schema, 'properties');
    if (!isJsonObject(properties) || path.length >= DEEPEST_OPTION) return [];
    const required = entryOf(schema, 'required') ?? null;
    return Object.entries(properties).flatMap(([name, property]): OptionNode[] => {
      if (!isJsonObject(property) || left <= 0) return [];
      left--;
      const own = [...path, name];
      const value = isJsonObject(given) ? entryOf(given, name) : undefined;
      const resolved = resolveReference(config, property);
      const description = entryOf(property, 'description') ?? entryOf(resolved, 'description');
      return [
        {
          name,
          path: own,
          schema: resolved,
          types: [entryOf(resolved, 'type') ?? []].flat().filter((type) => typeof type === 'string'),
          isRequired: Array.isArray(required) && required.includes(name),
          default: value,
          description: typeof description === 'string' ? description : undefined,
          children: children(resolved, own, value),
        },
      ];
    });
  };
  return children(resolveReference(config, config), [], defaults);
};
