import appSchema from '../../../schemas/app.json';
import groupSchema from '../../../schemas/group.json';
import podSchema from '../../../schemas/pod.json';

/** What of JSON Schema (draft 7) the schemas of definitions use, as far as it is read here. */
export interface JsonSchema {
  readonly $id?: string;
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema;
  readonly items?: JsonSchema;
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
}

export const APP_SCHEMA: JsonSchema = appSchema as JsonSchema;
export const GROUP_SCHEMA: JsonSchema = groupSchema as JsonSchema;
export const POD_SCHEMA: JsonSchema = podSchema as JsonSchema;

const DOCUMENTS = new Map([
  ['app.json', APP_SCHEMA],
  ['group.json', GROUP_SCHEMA],
  ['pod.json', POD_SCHEMA],
]);

/** A schema, and the document in which what it refers to is found. */
export interface LocatedSchema {
  readonly schema: JsonSchema;
  readonly document: JsonSchema;
}

/** Follows `$ref`: the name of a document, a JSON pointer into one, or both. What stands beside it is kept. */
export const resolveSchema = (located: LocatedSchema): LocatedSchema => {
  const { schema, document } = located;
  if (schema.$ref === undefined) return located;
  let resolved = resolvedSchemas.get(schema);
  if (!resolved) {
    resolved = follow(schema.$ref, schema, document);
    resolvedSchemas.set(schema, resolved);
  }
  return resolved;
};

/** What a schema refers to never changes, and is asked for with every document. */
const resolvedSchemas = new WeakMap<JsonSchema, LocatedSchema>();

const follow = (reference: string, schema: JsonSchema, document: JsonSchema): LocatedSchema => {
  const [name = '', pointer = ''] = reference.split('#');
  const target = name === '' ? document : DOCUMENTS.get(name);
  if (target === undefined) throw new Error(`There is no schema ${name}`);
  if (pointer === '') return { schema: target, document: target };
  const { $ref: _followed, ...beside } = schema;
  return resolveSchema({ schema: { ...partOf(target, pointer), ...beside }, document: target });
};

const partOf = (document: JsonSchema, pointer: string): JsonSchema => {
  let part: unknown = document;
  for (const key of pointer.split('/').slice(1)) part = isObject(part) ? part[key] : undefined;
  if (!isObject(part)) throw new Error(`There is no ${pointer} in ${document.$id}`);
  return part;
};

/** The schema of a property: one of its own, or the one that all others share; undefined when there is none. */
export const propertySchema = (schema: JsonSchema, key: string): JsonSchema | undefined => {
  const { properties = {} } = schema;
  return Object.hasOwn(properties, key) ? properties[key] : schema.additionalProperties;
};

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
