import { entryOf, isJsonObject, type Json, type JsonObject } from '../../json/json.ts';
import { collectDefaults } from '../../options/collect-defaults.ts';
import { validateOptions } from '../../options/validate-options.ts';
import type { Violation } from '../../options/violation.ts';
import { type ConfigOption, optionsOf, valueAt, withValueAt } from './config-options.ts';

/** Options that a package is tried with. */
export interface Trial {
  readonly options: JsonObject;
  /** Options without a default for which a value was made up. */
  readonly invented: readonly Violation[];
  /** What is wrong with the defaults besides. */
  readonly violations: readonly Violation[];
}

/** Values are made up in rounds: one that is filled in may bring others that are required with it. */
const MOST_ROUNDS = 6;

/** The defaults of a schema, and plausible values where an option is required and has no default. */
export const tryDefaults = async (schema: JsonObject): Promise<Trial> => {
  let options = collectDefaults(schema);
  const invented: Violation[] = [];
  for (let round = 0; ; round++) {
    const violations = Object.keys(options).length === 0 ? [] : await validateOptions(schema, options);
    const missing = violations.filter(({ keyword }) => keyword === 'required');
    if (missing.length === 0 || round === MOST_ROUNDS) {
      return { options, invented, violations: violations.filter(({ keyword }) => keyword !== 'required') };
    }
    invented.push(...missing);
    for (const violation of missing) options = withInvented(options, schema, violation);
  }
};

const withInvented = (options: JsonObject, schema: JsonObject, { pointer, facts }: Violation): JsonObject => {
  const section = pointer.split('/').slice(1);
  const names = Array.isArray(facts.missing) ? facts.missing.map(String) : [];
  const known = optionsOf(schema);
  return names.reduce((result, name) => {
    const path = [...section, name];
    const option = known.find((candidate) => candidate.path.join('/') === path.join('/'));
    return withValueAt(result, path, option ? plausibleValue(option) : 'value');
  }, options);
};

const plausibleValue = ({ schema }: ConfigOption): Json => {
  const choices = entryOf(schema, 'enum');
  if (Array.isArray(choices) && choices.length > 0) return choices[0] ?? null;
  const minimum = entryOf(schema, 'minimum');
  switch (entryOf(schema, 'type')) {
    case 'boolean':
      return true;
    case 'integer':
    case 'number':
      return typeof minimum === 'number' ? minimum : 1;
    case 'array':
      return [];
    case 'object':
      return isJsonObject(entryOf(schema, 'properties')) ? collectDefaults(schema) : {};
    default:
      return 'value';
  }
};

/** The same options with one switch the other way, for every option that is true or false. */
export function* flippedSwitches(
  schema: JsonObject,
  options: JsonObject,
): Generator<{ readonly option: ConfigOption; readonly value: boolean; readonly options: JsonObject }> {
  for (const option of optionsOf(schema)) {
    const present = valueAt(options, option.path);
    if (entryOf(option.schema, 'type') !== 'boolean') continue;
    const value = present !== true;
    yield { option, value, options: withValueAt(options, option.path, value) };
  }
}
