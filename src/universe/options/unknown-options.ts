import { entryOf, isJsonObject, type Json, type JsonObject } from '../json/json.ts';
import { nearestName } from './nearest-name.ts';
import { type OptionNode, optionTree } from './option-tree.ts';
import { resolveReference } from './resolve-reference.ts';

/** An option that a package does not know but lets pass, so that it is without effect. */
export interface UnknownOption {
  /** Names from the top, such as `['service', 'nmae']`. */
  readonly path: readonly string[];
  /** The known option that was probably meant, as a path. */
  readonly nearest: readonly string[] | undefined;
}

const DEEPEST_OPTION = 32;
/** Whoever has more has given the options of another package. */
const MOST_UNKNOWN = 50;
/** Keywords that hold further schemas of the same object. */
const COMBINATIONS = ['allOf', 'anyOf', 'oneOf'];

/**
 * The options that the config schema does not mention though it allows any (reference 1.13: `additionalProperties` is not
 * set). Mistyped names pass the validation of most packages this way. Where a schema forbids unknown names, that is a
 * violation and not told here; where it describes them (a map of labels, `patternProperties`), they are known.
 */
export const unknownOptions = (config: JsonObject, options: JsonObject): readonly UnknownOption[] => {
  const known = optionTree(config);
  const found = unknownIn(config, [config], options, []).slice(0, MOST_UNKNOWN);
  return found.map((path) => ({ path, nearest: nearestOption(known, path) }));
};

const unknownIn = (
  root: JsonObject,
  schemas: readonly JsonObject[],
  value: Json,
  path: readonly string[],
): readonly (readonly string[])[] => {
  if (path.length >= DEEPEST_OPTION) return [];
  const applied = withCombinations(root, schemas);
  if (Array.isArray(value)) {
    const items = applied.map((schema) => entryOf(schema, 'items')).filter(isJsonObject);
    return value.flatMap((element, index) => unknownIn(root, items, element, [...path, String(index)]));
  }
  // A section whose properties are not described takes anything.
  if (!isJsonObject(value) || !applied.some((schema) => isJsonObject(entryOf(schema, 'properties'))))
    return [];
  const isForbidden = applied.some((schema) => entryOf(schema, 'additionalProperties') === false);
  return Object.entries(value).flatMap(([name, entry]) => {
    const own = [...path, name];
    const described = applied.flatMap((schema) => propertySchemas(schema, name));
    if (described.length > 0) return unknownIn(root, described.filter(isJsonObject), entry, own);
    return isForbidden ? [] : [own];
  });
};

/** The schemas and all that their combinations and dependencies may add to them, each once. */
const withCombinations = (root: JsonObject, schemas: readonly JsonObject[]): readonly JsonObject[] => {
  const seen = new Set<JsonObject>();
  const add = (schema: JsonObject): void => {
    const resolved = resolveReference(root, schema);
    if (seen.has(resolved)) return;
    seen.add(resolved);
    const dependencies = entryOf(resolved, 'dependencies');
    const further = [
      ...COMBINATIONS.flatMap((keyword) => [entryOf(resolved, keyword) ?? []].flat()),
      ...(isJsonObject(dependencies) ? Object.values(dependencies) : []),
    ];
    for (const schemaOfPart of further) if (isJsonObject(schemaOfPart)) add(schemaOfPart);
  };
  for (const schema of schemas) add(schema);
  return [...seen];
};

const propertySchemas = (schema: JsonObject, name: string): readonly Json[] => {
  const properties = entryOf(schema, 'properties');
  const own = isJsonObject(properties) ? entryOf(properties, name) : undefined;
  if (own !== undefined) return [own];
  const others = entryOf(schema, 'additionalProperties');
  // Which pattern a name has is for the validator to judge: a pattern of a package may take for ever.
  const patterns = entryOf(schema, 'patternProperties');
  if (isJsonObject(patterns) && Object.keys(patterns).length > 0) return Object.values(patterns);
  return isJsonObject(others) && Object.keys(others).length > 0 ? [others] : [];
};

/** One of the same section with a similar name, else one of exactly this name in another section. */
const nearestOption = (
  known: readonly OptionNode[],
  path: readonly string[],
): readonly string[] | undefined => {
  const section = path.slice(0, -1);
  const name = path.at(-1) ?? '';
  const siblings = section.reduce<readonly OptionNode[]>(
    (nodes, part) => nodes.find((node) => node.name === part)?.children ?? [],
    known,
  );
  const near = nearestName(
    name,
    siblings.map((node) => node.name),
  );
  return near === undefined ? pathOfName(known, name) : [...section, near];
};

const pathOfName = (nodes: readonly OptionNode[], name: string): readonly string[] | undefined => {
  for (const node of nodes) {
    const found = node.name === name ? node.path : pathOfName(node.children, name);
    if (found !== undefined) return found;
  }
  return undefined;
};
