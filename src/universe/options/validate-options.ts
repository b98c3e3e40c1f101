import { createHash } from 'node:crypto';
import type { ErrorObject, ValidateFunction, Ajv as Validator } from 'ajv';
import { type Json, type JsonObject, objectWithDoubles, withDoubles } from '../json/json.ts';
import { stringifyJson } from '../json/stringify-json.ts';
import { PackageDefect } from '../package-defect.ts';
import { boundErrors } from './bound-errors.ts';
import { describeViolation } from './describe-violation.ts';
import { limitBacktracking } from './limit-backtracking.ts';
import { normalizeSchema } from './normalize-schema.ts';
import { TimeLimitError, withinTime } from './time-limit.ts';
import type { Violation } from './violation.ts';

/** A hostile schema is given up after this: the largest of the published ones takes a twentieth of it. */
const LONGEST_COMPILATION_MS = 2_000;
/** A hostile pattern or value is given up after this; nothing else runs meanwhile. */
const LONGEST_JUDGING_MS = 750;
/** More violations than this help nobody. */
const MOST_VIOLATIONS = 200;
/** Formats that draft 4 and the original validator know; all others are not checked. */
const FORMATS = ['date-time', 'email', 'hostname', 'ipv4', 'ipv6', 'regex', 'uri-reference'] as const;

/**
 * Judges options against the config schema of a package and names every violation, in the order of the schema. Throws
 * PackageDefect when the schema itself is broken or takes too long to apply.
 */
export const validateOptions = async (
  schema: JsonObject,
  options: JsonObject,
): Promise<readonly Violation[]> => {
  const compile = await prepareCompiler(schema);
  const errors = judge(compile, withDoubles(options));
  return grouped(errors.filter(isOwnViolation).map(describeViolation)).slice(0, MOST_VIOLATIONS);
};

/**
 * A function that judges the value of one option, at once, by its own schema within the config schema. A schema that is
 * broken judges nothing: that is told when all options are judged.
 */
export const createOptionJudge = async (
  config: JsonObject,
  schema: JsonObject,
): Promise<(value: Json) => readonly Violation[]> => {
  const { definitions, $defs } = config;
  const whole = {
    ...(definitions === undefined ? {} : { definitions }),
    ...($defs === undefined ? {} : { $defs }),
    properties: { value: schema },
  };
  let compile: () => ValidateFunction;
  try {
    compile = await prepareCompiler(whole);
  } catch (error) {
    if (error instanceof PackageDefect) return () => [];
    throw error;
  }
  let validate: ValidateFunction | undefined;
  const compileOnce = (): ValidateFunction => {
    validate ??= compile();
    return validate;
  };
  return (value) => {
    try {
      return judge(compileOnce, withDoubles({ value })).filter(isOwnViolation).map(describeViolation);
    } catch (error) {
      if (error instanceof PackageDefect) return [];
      throw error;
    }
  };
};

type Errors = readonly ErrorObject<string, Record<string, unknown>>[];

/** Schemas whose compiled form is kept: to compile one takes ten times as long as to apply it. */
const MOST_COMPILED = 16;
const compiled = new Map<string, ValidateFunction>();

/** Gives what compiles the schema, unless it has been compiled before. */
const prepareCompiler = async (schema: JsonObject): Promise<() => ValidateFunction> => {
  const key = createHash('sha256').update(stringifyJson(schema)).digest('base64');
  const known = compiled.get(key);
  if (known) {
    // Used last, it is forgotten last.
    compiled.delete(key);
    compiled.set(key, known);
    return () => known;
  }
  const normalized = objectWithDoubles(normalizeSchema(schema));
  const validator = await createValidator();
  return () => {
    const validate = validator.compile(normalized);
    compiled.set(key, validate);
    const [oldest = ''] = compiled.keys();
    if (compiled.size > MOST_COMPILED) compiled.delete(oldest);
    return validate;
  };
};

const judge = (compile: () => ValidateFunction, data: Json): Errors => {
  try {
    const validate = withinTime(LONGEST_COMPILATION_MS, compile);
    return withinTime(LONGEST_JUDGING_MS, () => (validate(data) ? [] : [...(validate.errors ?? [])]));
  } catch (error) {
    if (error instanceof TimeLimitError) {
      throw new PackageDefect(`Checking the options against the package's config schema ${error.message}`, {
        cause: error,
      });
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new PackageDefect(`The package's config schema is broken: ${reason}`, { cause: error });
  }
};

/** Loaded when first needed: most processes that know packages never judge options. */
const createValidator = async (): Promise<Validator> => {
  limitBacktracking();
  const [{ Ajv }, formats] = await Promise.all([import('ajv'), import('ajv-formats')]);
  const validator = new Ajv({
    strict: false,
    allErrors: true,
    verbose: true,
    // The patterns of the published packages are written for the older dialect.
    unicodeRegExp: false,
    // Normalized schemas are all right where it matters; the rest is read leniently.
    validateSchema: false,
    ownProperties: true,
    logger: false,
    code: { process: boundErrors },
  });
  formats.default.default(validator, { mode: 'fast', formats: [...FORMATS] });
  validator.addFormat('uri', validator.formats['uri-reference'] ?? true);
  return validator;
};

/** `if` and the likes report themselves beside the rule within that was broken. */
const isOwnViolation = ({ keyword }: ErrorObject): boolean => keyword !== 'if';

/** All missing keys of an object are one violation, and so are all its unknown keys. */
const grouped = (violations: readonly Violation[]): Violation[] => {
  const groups = new Map<string, Violation>();
  for (const violation of violations) {
    const { pointer, schemaPointer, keyword } = violation;
    const isGroupable = keyword === 'required';
    const key = isGroupable ? `${keyword} ${pointer} ${schemaPointer}` : `${groups.size}`;
    const present = groups.get(key);
    groups.set(key, present === undefined ? violation : joined(present, violation));
  }
  return [...groups.values()];
};

const joined = (first: Violation, second: Violation): Violation => {
  const missing = [first, second].flatMap(({ facts }) => facts.missing ?? []);
  return {
    ...first,
    message: `object has missing required properties (${JSON.stringify(missing)})`,
    facts: { required: missing, missing },
  };
};
