import type { ErrorObject, ValidateFunction } from 'ajv';
import { isObject } from './json-schema.ts';
import { InvalidDocument, type Violation, violationPath } from './violation.ts';

/**
 * The validators, which are made from the schemas by `npm run generate`. They are loaded when one is needed first: a
 * Marathon that only runs what it knows does without.
 */
const VALIDATORS = {
  app: async () => (await import('../../../schemas/generated/validators.mjs')).validateAppUpdate,
  group: async () => (await import('../../../schemas/generated/validators.mjs')).validateGroupUpdate,
  pod: async () => (await import('../../../schemas/generated/pod-validators.mjs')).validatePod,
};

/** More violations than this are not told. */
const MAX_VIOLATIONS = 100;

/**
 * Throws InvalidDocument (malformed) with every way in which an app or group (or some fields of one), or a whole pod, differs
 * from its schema, in Marathon's codes (marathon.md 1.2).
 */
export const checkSchema = async (kind: keyof typeof VALIDATORS, document: unknown): Promise<void> => {
  const validate = await VALIDATORS[kind]();
  if (!validate(document)) throw new InvalidDocument('malformed', violationsIn(validate, document));
};

const violationsIn = ({ errors }: ValidateFunction, document: unknown): Violation[] =>
  (errors ?? []).slice(0, MAX_VIOLATIONS).map((error) => {
    const { segments, value } = follow(document, error.instancePath);
    const { missingProperty } = error.params;
    return {
      path: violationPath(typeof missingProperty === 'string' ? [...segments, missingProperty] : segments),
      message: codeOf(error, value),
    };
  });

/** The segments of a JSON pointer, of which only what really is an index becomes a number, and what is there. */
const follow = (document: unknown, pointer: string): { segments: (string | number)[]; value: unknown } => {
  const segments: (string | number)[] = [];
  let value = document;
  for (const escaped of pointer.split('/').slice(1)) {
    const key = escaped.replaceAll('~1', '/').replaceAll('~0', '~');
    segments.push(Array.isArray(value) ? Number(key) : key);
    if (Array.isArray(value)) value = value[Number(key)];
    else value = isObject(value) ? value[key] : undefined;
  }
  return { segments, value };
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

const codeOf = ({ keyword, params, schemaPath }: ErrorObject, value: unknown): string => {
  if (keyword === 'type') return typeCode(params.type, value);
  const isFraction = schemaPath.includes('/upgradeStrategy/') && keyword.endsWith('imum');
  if (isFraction) return `got ${value}, expected between 0.0 and 1.0`;
  return CODES[keyword] ?? keyword;
};

const typeCode = (types: unknown, value: unknown): string => {
  const [expected] = [types].flat();
  if (expected === 'integer')
    return typeof value === 'number' ? 'error.expected.int' : 'error.expected.jsnumber';
  return `error.expected.js${expected}`;
};
