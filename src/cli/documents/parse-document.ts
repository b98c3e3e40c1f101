import type { YAMLError } from 'yaml';
import { withDoubles } from '../../universe/json/json.ts';
import { JsonSyntaxError, parseJson } from '../../universe/json/parse-json.ts';
import { CliError } from '../errors/cli-error.ts';
import { type Source, STANDARD_INPUT } from './read-source.ts';

/**
 * The object that a text holds: JSON, or YAML where its name ends in .yaml or .yml, or where it came from standard input and
 * does not begin as JSON does. Throws CliError that names the place
 * as FILE:LINE:COLUMN.
 */
export const parseDocument = async (source: Source): Promise<Record<string, unknown>> => {
  const value = isYaml(source) ? await parseYaml(source) : parseJsonText(source);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new CliError('failed', `${source.name}:1:1: an object is expected here`);
  }
  return value as Record<string, unknown>;
};

/** By the end of its name, or by how standard input begins. */
export const isYaml = ({ name, text }: Source): boolean =>
  name === STANDARD_INPUT ? /^\s*[^\s{["]/.test(text) : /\.ya?ml$/i.test(new URL(name, 'file:///').pathname);

/** Throws CliError that names the place. */
export const parseJsonText = ({ name, text }: Source): unknown => {
  try {
    return withDoubles(parseJson(text));
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const [, line = '1', column = '1', what = error.message] =
      /^line (\d+), column (\d+): (.*)$/s.exec(error.message) ?? [];
    throw new CliError('failed', `${name}:${line}:${column}: this is no JSON: ${what}`, { cause: error });
  }
};

const parseYaml = async ({ name, text }: Source): Promise<unknown> => {
  const { parseDocument: parse } = await import('yaml');
  const document = parse(text, { prettyErrors: true });
  const [error] = document.errors;
  if (error) throw yamlError(name, error);
  return document.toJS({ maxAliasCount: MOST_ALIASES });
};

/** Bounds what references in YAML may grow to. */
export const MOST_ALIASES = 100;

/** What is wrong with a YAML text, with the place. */
export const yamlError = (name: string, error: YAMLError): CliError => {
  const [{ line, col } = { line: 1, col: 1 }] = error.linePos ?? [];
  const [what = ''] = error.message.split(/ at line \d+/);
  return new CliError('failed', `${name}:${line}:${col}: this is no YAML: ${what}`, { cause: error });
};
