import {
  isObject,
  type JsonSchema,
  type LocatedSchema,
  propertySchema,
  resolveSchema,
} from './json-schema.ts';

/**
 * A copy of a valid document with the schema's defaults for everything that is absent, at every depth. What is absent and
 * has no default stays absent. Defaults that depend on other fields have to be filled in before.
 */
export const fillDefaults = (schema: JsonSchema, value: unknown): unknown =>
  fill({ schema, document: schema }, value);

const fill = (located: LocatedSchema, value: unknown): unknown => {
  const { schema, document } = resolveSchema(located);
  if (Array.isArray(value)) {
    const { items } = schema;
    return items ? value.map((item) => fill({ schema: items, document }, item)) : value;
  }
  if (!isObject(value)) return value;
  const entries: [string, unknown][] = Object.entries(value).map(([key, held]) => {
    const sub = propertySchema(schema, key);
    return [key, sub ? fill({ schema: sub, document }, held) : held];
  });
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    const fallback = resolveSchema({ schema: property, document }).schema.default;
    if (fallback === undefined || Object.hasOwn(value, key)) continue;
    entries.push([key, fill({ schema: property, document }, fallback)]);
  }
  return Object.fromEntries(entries);
};
