import {
  isObject,
  type JsonSchema,
  type LocatedSchema,
  propertySchema,
  resolveSchema,
} from './json-schema.ts';
import { InvalidDocument } from './violation.ts';

/**
 * A copy of a document in the one spelling that the schema has for it, so that Marathon's lenient reading (marathon.md 1.2)
 * is dealt with in one place: `null` means absent, properties that the schema does not know are dropped, and values of
 * enumerations are accepted in any case. Whatever has another type than the schema says stays as it is, to be refused.
 */
export const tidyDocument = (schema: JsonSchema, value: unknown): unknown =>
  tidy({ schema, document: schema }, value, 0);

/** Groups may be in groups; nobody nests them further than this, but who wants to exhaust the stack. */
const MAX_DEPTH = 100;

const tidy = (located: LocatedSchema, value: unknown, depth: number): unknown => {
  if (depth > MAX_DEPTH) {
    throw new InvalidDocument('malformed', [
      { path: '/', message: `is nested deeper than ${MAX_DEPTH} levels` },
    ]);
  }
  const { schema, document } = resolveSchema(located);
  if (typeof value === 'string') return schema.enum ? inKnownSpelling(schema.enum, value) : value;
  if (Array.isArray(value)) {
    const { items } = schema;
    return items ? value.map((item) => tidy({ schema: items, document }, item, depth + 1)) : value;
  }
  if (!isObject(value) || (!schema.properties && !schema.additionalProperties)) return value;
  const entries: [string, unknown][] = [];
  for (const [key, held] of Object.entries(value)) {
    const sub = propertySchema(schema, key);
    if (sub && held !== null) entries.push([key, tidy({ schema: sub, document }, held, depth + 1)]);
  }
  return Object.fromEntries(entries);
};

const inKnownSpelling = (known: readonly unknown[], value: string): unknown =>
  known.find((one) => typeof one === 'string' && one.toLowerCase() === value.toLowerCase()) ?? value;
