import { Ajv, type ErrorObject } from 'ajv';
import { LineCounter, parseDocument } from 'yaml';
import type { ScenarioDocument } from '../../../schemas/generated/scenario.ts';
import schema from '../../../schemas/scenario.json';
import { createLocator, type Locator, pointerOf, segmentsOf } from '../../sdk/service/locate.ts';
import { nearestName } from '../../universe/options/nearest-name.ts';
import { ScenarioError, type ScenarioProblem } from './scenario-error.ts';
import { type Assignment, setValues } from './set-values.ts';

const LONGEST_TEXT = 1024 * 1024;
/** What aliases make of a document may be so much larger than what is written. */
const MOST_ALIASES = 1_000;
const MOST_PROBLEMS = 50;

/** A text, and how it is called in errors: a path. */
export interface ScenarioSource {
  readonly name: string;
  /** YAML, and with it JSON. */
  readonly text: string;
}

export interface ParsedScenario {
  readonly document: ScenarioDocument;
  /** Throws ScenarioError with what was found later, placed in the text. */
  fail(problems: readonly { path: readonly (string | number)[]; message: string }[]): void;
}

/**
 * Reads a scenario (schemas/scenario.json), and puts the assigned values in their places before it is checked. Throws
 * ScenarioError with everything that is wrong in the first of these steps that finds anything.
 */
export const parseScenario = (
  source: ScenarioSource,
  assignments: readonly Assignment[] = [],
): ParsedScenario => {
  const throwAll = (problems: readonly ScenarioProblem[]): void => {
    if (problems.length > 0) throw new ScenarioError(source.name, problems.slice(0, MOST_PROBLEMS));
  };
  if (source.text.length > LONGEST_TEXT) throwAll([{ path: '', message: 'is longer than 1 MiB' }]);
  const lines = new LineCounter();
  const yaml = parseDocument(source.text, { lineCounter: lines, merge: true });
  const locator = createLocator(yaml, lines);
  throwAll(
    yaml.errors.map(({ message, pos }) => {
      const [firstLine = ''] = message.split('\n');
      return {
        path: '',
        message: firstLine.replace(/ at line \d+, column \d+:?$/, ''),
        ...locator.offset(pos[0]),
      };
    }),
  );
  const written = plainValue(source.name, yaml);
  const document = setValues(written, assignments);
  throwAll(schemaProblems(document, locator));
  return {
    // The schema that the type is made from has accepted it.
    document: document as ScenarioDocument,
    fail: (problems) =>
      throwAll(
        problems.map(({ path, message }) => ({ path: pointerOf(path), message, ...locator.value(path) })),
      ),
  };
};

/** Aliases that make too much of the document, or contain themselves, are refused. */
const plainValue = (name: string, yaml: { toJS(options: { maxAliasCount: number }): unknown }): unknown => {
  try {
    const value = yaml.toJS({ maxAliasCount: MOST_ALIASES });
    // One that contains itself has no JSON.
    JSON.stringify(value);
    return value ?? {};
  } catch {
    throw new ScenarioError(name, [
      { path: '', message: 'has aliases that contain themselves, or make too much of it' },
    ]);
  }
};

const schemaProblems = (document: unknown, locator: Locator): ScenarioProblem[] => {
  const ajv = new Ajv({ allErrors: true, allowUnionTypes: true, strict: false, verbose: true });
  const validate = ajv.compile(schema);
  if (validate(document)) return [];
  const errors = validate.errors ?? [];
  // An alternative that does not fit says nothing that its whole does not say better.
  return errors
    .filter(({ schemaPath, keyword }) => !schemaPath.includes('/oneOf/') && keyword !== 'if')
    .map((error) => toProblem(error, locator));
};

const toProblem = (error: ErrorObject, locator: Locator): ScenarioProblem => {
  const path = segmentsOf(error.instancePath);
  const here = { path: pointerOf(path), ...locator.value(path) };
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = [...path, String(error.params.additionalProperty)];
      const known = Object.keys(error.parentSchema?.properties ?? {});
      const near = nearestName(String(error.params.additionalProperty), known);
      const hint = near === undefined ? `known are ${known.join(', ')}` : `did you mean ${near}?`;
      return { path: pointerOf(key), message: `is not known here; ${hint}`, ...locator.key(key) };
    }
    case 'required': {
      const missing = pointerOf([...path, String(error.params.missingProperty)]);
      return { ...here, path: missing, message: 'is missing' };
    }
    case 'enum':
      return { ...here, message: `must be one of ${(error.params.allowedValues as unknown[]).join(', ')}` };
    case 'pattern':
    case 'oneOf':
      return { ...here, message: formText(error) };
    default:
      return { ...here, message: error.message ?? 'is invalid' };
  }
};

/** What a value should look like, in the words of its schema. */
const formText = ({ parentSchema, message = 'is invalid' }: ErrorObject): string =>
  typeof parentSchema?.description === 'string'
    ? `does not have the form that is expected: ${parentSchema.description}`
    : message;
