import { Ajv, type ErrorObject } from 'ajv';
import addFormats from 'ajv-formats';
import { LineCounter, parseDocument } from 'yaml';
import type { ServiceDocument } from '../../../schemas/generated/service.ts';
import schema from '../../../schemas/service.json';
import { checkRules, type RuleBreach } from './check-rules.ts';
import { completeSpec } from './complete-spec.ts';
import { expandSections } from './expand-sections.ts';
import { createLocator, type Locator, pointerOf, segmentsOf } from './locate.ts';
import type { ServiceSpec } from './spec.ts';
import { SpecError, type SpecProblem } from './spec-error.ts';
import { substituteVariables } from './substitute.ts';

const MAX_TEXT_LENGTH = 1024 * 1024;
/** What aliases make of a document may be so much larger than what is written. */
const MAX_ALIASES = 1_000;
const MAX_PROBLEMS = 50;

export interface SpecSource {
  /** How the text is called in errors: a path. */
  readonly name: string;
  /** YAML, and with it JSON. */
  readonly text: string;
  /** Fill in ${NAME}. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Runs the tasks when the description does not say who. */
  readonly defaultUser: string;
}

/**
 * Reads the description of a service (schemas/service.json). Throws SpecError with everything that is wrong in the first
 * of these steps that finds anything: the text is YAML, all variables are known, the document fits the schema, its parts
 * fit each other.
 */
export const readSpec = (source: SpecSource): ServiceSpec => {
  const fail = (problems: readonly SpecProblem[]): void => {
    if (problems.length > 0) throw new SpecError(source.name, problems.slice(0, MAX_PROBLEMS));
  };
  if (source.text.length > MAX_TEXT_LENGTH) {
    fail([{ path: '', message: 'is longer than 1 MiB', line: 1, column: 1 }]);
  }
  const lines = new LineCounter();
  const yaml = parseDocument(source.text, { lineCounter: lines, merge: true });
  const locator = createLocator(yaml, lines);
  fail(
    yaml.errors.map(({ message, pos }) => {
      const [firstLine = ''] = message.split('\n');
      return {
        path: '',
        message: firstLine.replace(/ at line \d+, column \d+:?$/, ''),
        ...locator.offset(pos[0]),
      };
    }),
  );
  fail(
    substituteVariables(yaml, source.variables).map(({ name, offset }) => ({
      path: '',
      message: `\${${name}} has no value and no default: set the variable ${name}, or write \${${name}:-default}`,
      ...locator.offset(offset),
    })),
  );
  const document: unknown = yaml.toJS({ maxAliasCount: MAX_ALIASES });
  fail(schemaProblems(document, locator));
  // The schema that the type is made from has accepted it.
  const description = expandSections(document as ServiceDocument);
  fail(checkRules(description).map((breach) => located(breach, locator)));
  return completeSpec(description, source.defaultUser);
};

const schemaProblems = (document: unknown, locator: Locator): SpecProblem[] => {
  const ajv = new Ajv({ allErrors: true, allowUnionTypes: true, strict: false });
  addFormats.default(ajv, ['regex']);
  const validate = ajv.compile(schema);
  if (validate(document)) return [];
  const errors = validate.errors ?? [];
  // An alternative that does not fit says nothing that its whole does not say better.
  return errors
    .filter(({ schemaPath }) => !schemaPath.includes('/oneOf/'))
    .map((error) => toProblem(error, locator));
};

const toProblem = (error: ErrorObject, locator: Locator): SpecProblem => {
  const path = segmentsOf(error.instancePath);
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = [...path, String(error.params.additionalProperty)];
      return { path: pointerOf(key), message: 'is not known here', ...locator.key(key) };
    }
    case 'required': {
      const missing = pointerOf([...path, String(error.params.missingProperty)]);
      return { path: missing, message: 'is missing', ...locator.value(path) };
    }
    case 'propertyNames': {
      const key = [...path, String(error.params.propertyName)];
      const message = 'is not a name: use lower-case letters, digits and inner hyphens, a letter first';
      return { path: pointerOf(key), message, ...locator.key(key) };
    }
    case 'enum': {
      const allowed = (error.params.allowedValues as unknown[]).join(', ');
      return { path: pointerOf(path), message: `must be one of ${allowed}`, ...locator.value(path) };
    }
    case 'oneOf':
      return { path: pointerOf(path), message: 'has none of the forms it may have', ...locator.value(path) };
    default:
      return { path: pointerOf(path), message: error.message ?? 'is invalid', ...locator.value(path) };
  }
};

const located = ({ path, message }: RuleBreach, locator: Locator): SpecProblem => ({
  path: pointerOf(path),
  message,
  ...locator.value(path),
});
