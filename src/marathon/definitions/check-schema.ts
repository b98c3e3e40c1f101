import type { ErrorObject, ValidateFunction } from 'ajv';
import { APP_SCHEMA, GROUP_SCHEMA, isObject, type JsonSchema } from './json-schema.ts';
import { InvalidDocument, type Violation, violationPath } from './violation.ts';

/** More violations than this are not told. */
const MAX_VIOLATIONS = 100;

/**
 * Throws InvalidDocument (malformed) with every way in which a document differs from a schema, in Marathon's codes
 * (marathon.md 1.2). The validator is loaded and compiled when it is needed first: a Marathon that only runs what it
 * knows does without.
 */
export const checkSchema = async (schema: JsonSchema, document: unknown): Promise<void> => {
  const validate = await validatorOf(schema);
  if (validate(document)) return;
  const errors = (validate.errors ?? []).slice(0, MAX_VIOLATIONS);
  throw new InvalidDocument(
    'malformed',
    errors.map((error) => toViolation(error, document)),
  );
};

const validators = new WeakMap<JsonSchema, Promise<ValidateFunction>>();

const validatorOf = (schema: JsonSchema): Promise<ValidateFunction> => {
  let validator = validators.get(schema);
  if (!validator) {
    validator = compile(schema);
    validators.set(schema, validator);
  }
  return validator;
};

const compile = async (schema: JsonSchema): Promise<ValidateFunction> => {
  const { Ajv } = await import('ajv');
  const ajv = new Ajv({ allErrors: true, allowUnionTypes: true, verbose: true, code: { optimize: false } });
  for (const known of [APP_SCHEMA, GROUP_SCHEMA]) if (known !== schema) ajv.addSchema(known);
  return ajv.compile(schema);
};

const toViolation = (error: ErrorObject, document: unknown): Violation => {
  const segments = segmentsIn(document, error.instancePath);
  if (error.keyword === 'required') segments.push(String(error.params.missingProperty));
  return { path: violationPath(segments), message: codeOf(error) };
};

/** The segments of a JSON pointer; only what really is an index becomes a number. */
const segmentsIn = (document: unknown, pointer: string): (string | number)[] => {
  const segments: (string | number)[] = [];
  let place = document;
  for (const escaped of pointer.split('/').slice(1)) {
    const key = escaped.replaceAll('~1', '/').replaceAll('~0', '~');
    segments.push(Array.isArray(place) ? Number(key) : key);
    if (Array.isArray(place)) place = place[Number(key)];
    else place = isObject(place) ? place[key] : undefined;
  }
  return segments;
};

const CODES: Readonly<Record<string, string>> = {
  required: 'error.path.missing',
  minimum: 'error.min',
  exclusiveMinimum: 'error.min',
  maximum: 'error.max',
  minLength: 'error.minLength',
  maxLength: 'error.maxLength',
  minItems: 'error.minLength',
  pattern: 'error.pattern',
  enum: 'error.unknown.enum.literal',
};

const codeOf = (error: ErrorObject): string => {
  if (error.keyword === 'type') return typeCode(error);
  const { minimum, maximum, type } = error.parentSchema ?? {};
  // Fractions have both ends told.
  if (type === 'number' && minimum === 0 && maximum === 1) {
    return `got ${error.data}, expected between 0.0 and 1.0`;
  }
  return CODES[error.keyword] ?? error.message ?? error.keyword;
};

const typeCode = ({ params, data }: ErrorObject): string => {
  const [expected] = [params.type].flat();
  if (expected === 'integer')
    return typeof data === 'number' ? 'error.expected.int' : 'error.expected.jsnumber';
  return `error.expected.js${expected}`;
};
