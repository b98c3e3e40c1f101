import appSchema from '../../../schemas/app.json';
import groupSchema from '../../../schemas/group.json';

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

const DOCUMENTS = new Map([
  ['app.json', APP_SCHEMA],
  ['group.json', GROUP_SCHEMA],
]);

/** A schema, and the document in which what it refers to is found. */
export interface LocatedSchema {
  readonly schema: JsonSchema;
  readonly document: JsonSchema;
}

/** Follows `$ref`: `#`, `#/definitions/x` or the name of another document. What stands beside it is kept. */
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
  if (reference === '#') return { schema: document, document };
  if (!reference.startsWith('#')) {
    const other = DOCUMENTS.get(reference);
    if (other === undefined) throw new Error(`There is no schema ${reference}`);
    return { schema: other, document: other };
  }
  const target = document.definitions?.[reference.replace('#/definitions/', '')];
  if (target === undefined) throw new Error(`There is no ${reference} in ${document.$id}`);
  const { $ref: _followed, ...beside } = schema;
  return resolveSchema({ schema: { ...target, ...beside }, document });
};

/** The schema of a property: one of its own, or the one that all others share; undefined when there is none. */
export const propertySchema = (schema: JsonSchema, key: string): JsonSchema | undefined => {
  const { properties = {} } = schema;
  return Object.hasOwn(properties, key) ? properties[key] : schema.additionalProperties;
};

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
