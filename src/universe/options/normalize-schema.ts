import { entryOf, isJsonObject, type Json, type JsonObject } from '../json/json.ts';
import { PackageDefect } from '../package-defect.ts';

/** Keywords whose value is one schema. */
const SCHEMA_KEYWORDS = new Set(['not', 'additionalItems', 'additionalProperties', 'items']);
/** Keywords whose value is a list of schemas. */
const LIST_KEYWORDS = new Set(['allOf', 'anyOf', 'oneOf', 'items']);
/** Keywords whose value is a map of schemas. */
const MAP_KEYWORDS = new Set(['properties', 'patternProperties', 'definitions', '$defs', 'dependencies']);

const NEWER_SCHEMA_KEYWORDS = new Set(['if', 'then', 'else', 'contains', 'propertyNames']);
/** What draft 4 does not know and therefore ignores, though a validator of today would heed it. */
const NEWER_KEYWORDS = new Set([...NEWER_SCHEMA_KEYWORDS, 'const', 'nullable', 'discriminator']);
/** Names of schemas and switches of the validator itself: never taken from a package. */
const DROPPED_KEYWORDS = new Set(['id', '$id', '$schema', '$anchor', '$async', '$data', '$recursiveRef']);

const TYPES = new Set(['array', 'boolean', 'integer', 'null', 'number', 'object', 'string']);
const COUNTS = new Set(['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties']);
const DEEPEST_SCHEMA = 100;

/**
 * Rewrites a package's config schema so that a validator of today judges as draft 4 does (reference 1.13, 8.1): names
 * of schemas and unknown dialects are dropped, keywords with a value they cannot have are ignored as are keywords
 * younger than draft 4 (unless `$schema` names a younger draft), `exclusiveMinimum: true` becomes a number.
 * Throws PackageDefect when a `$ref` leads out of the schema, or when the schema is nested too deep.
 */
export const normalizeSchema = (schema: JsonObject): JsonObject => {
  const dialect = entryOf(schema, '$schema');
  const isNewer = typeof dialect === 'string' && /draft-0[67]|\/draft\/20/.test(dialect);
  return normalizeObject(schema, isNewer, 0);
};

const normalize = (schema: Json, isNewer: boolean, depth: number): Json => {
  if (typeof schema === 'boolean') return schema;
  return isJsonObject(schema) ? normalizeObject(schema, isNewer, depth) : {};
};

const normalizeObject = (schema: JsonObject, isNewer: boolean, depth: number): JsonObject => {
  if (depth > DEEPEST_SCHEMA)
    throw new PackageDefect(`The config schema is nested deeper than ${DEEPEST_SCHEMA} levels`);
  const reference = entryOf(schema, '$ref');
  if (typeof reference === 'string') return { $ref: localReference(reference) };
  const entries = Object.entries(schema).flatMap(([keyword, value]): [string, Json][] => {
    if (DROPPED_KEYWORDS.has(keyword) || keyword === '$ref') return [];
    if (!isNewer && NEWER_KEYWORDS.has(keyword)) return [];
    const normalized = normalizeKeyword(keyword, value, isNewer, depth);
    return normalized === undefined ? [] : [[keyword, normalized]];
  });
  return withNumericExclusions(Object.fromEntries(entries));
};

const localReference = (reference: string): string => {
  if (reference === '#' || reference.startsWith('#/')) return reference;
  throw new PackageDefect(
    `The config schema refers to ${reference}: only references within the schema, #/…, are followed`,
  );
};

/** The keyword's value as the validator takes it, or undefined when it says nothing. */
const normalizeKeyword = (
  keyword: string,
  value: Json,
  isNewer: boolean,
  depth: number,
): Json | undefined => {
  if (MAP_KEYWORDS.has(keyword)) return normalizeMap(keyword, value, isNewer, depth);
  if (LIST_KEYWORDS.has(keyword) && Array.isArray(value)) {
    return value.length === 0 ? undefined : value.map((element) => normalize(element, isNewer, depth + 1));
  }
  if (SCHEMA_KEYWORDS.has(keyword) || NEWER_SCHEMA_KEYWORDS.has(keyword)) {
    return normalize(value, isNewer, depth + 1);
  }
  return hasFittingValue(keyword, value) ? value : undefined;
};

const normalizeMap = (keyword: string, value: Json, isNewer: boolean, depth: number): Json | undefined => {
  if (!isJsonObject(value)) return undefined;
  const entries = Object.entries(value)
    .filter(([name]) => keyword !== 'patternProperties' || isPattern(name))
    .map(([name, entry]): [string, Json] => [
      name,
      keyword === 'dependencies' && Array.isArray(entry)
        ? entry.filter((element) => typeof element === 'string')
        : normalize(entry, isNewer, depth + 1),
    ]);
  return Object.fromEntries(entries);
};

/** Older drafts and careless authors write `required: true` or `type: "int"`: such a keyword says nothing. */
const hasFittingValue = (keyword: string, value: Json): boolean => {
  if (COUNTS.has(keyword)) return typeof value === 'number' && Number.isInteger(value) && value >= 0;
  switch (keyword) {
    case 'type':
      return (Array.isArray(value) ? value.length > 0 : true) && [value].flat().every(isType);
    case 'required':
      return Array.isArray(value) && value.every((name) => typeof name === 'string');
    case 'enum':
      return Array.isArray(value) && value.length > 0;
    case 'pattern':
      return typeof value === 'string' && isPattern(value);
    case 'format':
      return typeof value === 'string';
    case 'minimum':
    case 'maximum':
      return isNumber(value);
    case 'multipleOf':
      return isNumber(value) && value > 0;
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return isNumber(value) || typeof value === 'boolean';
    case 'uniqueItems':
      return typeof value === 'boolean';
    default:
      return true;
  }
};

const isNumber = (value: Json): value is number | bigint =>
  typeof value === 'number' || typeof value === 'bigint';

const isType = (type: Json): boolean => typeof type === 'string' && TYPES.has(type);

const isPattern = (pattern: string): boolean => {
  try {
    return new RegExp(pattern) instanceof RegExp;
  } catch {
    return false;
  }
};

const withNumericExclusions = (schema: JsonObject): JsonObject => {
  const changed = { ...schema };
  for (const [flag, limit] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    const isExclusive = changed[flag];
    if (typeof isExclusive !== 'boolean') continue;
    delete changed[flag];
    const value = changed[limit];
    if (!isExclusive || value === undefined) continue;
    changed[flag] = value;
    delete changed[limit];
  }
  return changed;
};
