import type { ErrorObject } from 'ajv';
import { entryOf, isJsonObject, type Json, type JsonObject } from '../json/json.ts';
import { nearestName } from './nearest-name.ts';
import type { Violation } from './violation.ts';

const LONGEST_VALUE_CHARACTERS = 200;

/** Says in the words of the reference (1.13) what the validator found; it must have run with `verbose`. */
export const describeViolation = (found: Found): Violation => {
  const error = withoutSecret(found);
  const { message, facts, nearest } = WORDINGS[error.keyword]?.(error) ?? {
    message: error.message ?? `breaks the rule ${error.keyword}`,
    facts: {},
  };
  const description = isJsonObject(error.parentSchema)
    ? entryOf(error.parentSchema, 'description')
    : undefined;
  return {
    pointer: error.instancePath,
    schemaPointer: error.schemaPath.replace(/^#/, '').split('/').slice(0, -1).join('/'),
    keyword: error.keyword,
    message,
    ...(isJsonObject(error.data) ? {} : { value: shortened(error.data) }),
    ...(typeof description === 'string' ? { description } : {}),
    ...(nearest === undefined ? {} : { nearest }),
    facts,
  };
};

type Found = ErrorObject<string, Record<string, unknown>>;

/** A password that breaks a rule must not appear in the error; how long it is may be what is wrong with it. */
const withoutSecret = (error: Found): Found => {
  const isPassword = isJsonObject(error.parentSchema) && entryOf(error.parentSchema, 'format') === 'password';
  return isPassword && typeof error.data === 'string'
    ? { ...error, data: '*'.repeat([...error.data].length) }
    : error;
};

interface Wording {
  message: string;
  facts: JsonObject;
  nearest?: string | undefined;
}

type Word = (error: ErrorObject<string, Record<string, unknown>>) => Wording;

const limit =
  (kind: string, relation: string): Word =>
  ({ keyword, params, data }) => {
    const bound = params.limit as number;
    return {
      message: `${kind} is ${relation} (${keyword}: ${bound}, found: ${shown(sizeOf(data))})`,
      facts: { [keyword]: bound, found: shortened(sizeOf(data)) },
    };
  };

const exclusiveLimit =
  (name: string, relation: string): Word =>
  ({ params, data }) => {
    const bound = params.limit as number;
    return {
      message: `numeric instance is not strictly ${relation} (${name}: ${bound}, found: ${shown(data)})`,
      facts: { [name]: bound, found: shortened(data), exclusive: true },
    };
  };

const WORDINGS: Readonly<Record<string, Word>> = {
  type: ({ params, data }) => {
    const expected = [params.type as string | string[]].flat();
    const found = typeOf(data);
    return {
      message: `instance type (${found}) does not match any allowed primitive type (allowed: ${JSON.stringify(expected)})`,
      facts: { found, expected },
    };
  },
  required: ({ params }) => {
    const missing = [String(params.missingProperty)];
    return {
      message: `object has missing required properties (${JSON.stringify(missing)})`,
      facts: { required: missing, missing },
    };
  },
  additionalProperties: ({ params, parentSchema }) => {
    const unwanted = String(params.additionalProperty);
    const properties = isJsonObject(parentSchema) ? entryOf(parentSchema, 'properties') : undefined;
    const known = isJsonObject(properties) ? Object.keys(properties) : [];
    const nearest = nearestName(unwanted, known);
    const hint = nearest === undefined ? '' : `; did you mean ${JSON.stringify(nearest)}?`;
    return {
      message: `object instance has properties which are not allowed by the schema: ${JSON.stringify([unwanted])}${hint}`,
      facts: { unwanted: [unwanted] },
      nearest,
    };
  },
  enum: ({ params, data }) => ({
    message: `instance value (${shown(data)}) not found in enum (possible values: ${shown(params.allowedValues)})`,
    facts: { enum: (params.allowedValues as Json[]).slice(0, 100) },
  }),
  minimum: limit('numeric instance', 'lower than the required minimum'),
  maximum: limit('numeric instance', 'greater than the required maximum'),
  exclusiveMinimum: exclusiveLimit('minimum', 'greater than the required minimum'),
  exclusiveMaximum: exclusiveLimit('maximum', 'lower than the required maximum'),
  minLength: limit('string', 'too short'),
  maxLength: limit('string', 'too long'),
  minItems: limit('array', 'too short'),
  maxItems: limit('array', 'too long'),
  pattern: ({ params, data }) => ({
    message: `ECMA 262 regex ${JSON.stringify(params.pattern)} does not match input string ${shown(data)}`,
    facts: { regex: String(params.pattern), string: shortened(data) },
  }),
  format: ({ params, data }) => ({
    message: `input string ${shown(data)} is not a valid ${params.format}`,
    facts: { attribute: String(params.format) },
  }),
};

const typeOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
};

const sizeOf = (value: unknown): unknown =>
  Array.isArray(value) ? value.length : typeof value === 'string' ? [...value].length : value;

/** Long texts are cut, long lists and objects become their text, cut: an error must not carry the options along. */
const shortened = (value: unknown): Json => {
  const text = JSON.stringify(value) ?? 'null';
  if (text.length <= LONGEST_VALUE_CHARACTERS) return JSON.parse(text) as Json;
  const source = typeof value === 'string' ? value : text;
  return `${source.slice(0, LONGEST_VALUE_CHARACTERS)}…`;
};

const shown = (value: unknown): string => JSON.stringify(shortened(value));
