import { isJsonObject, type JsonObject } from '../../universe/json/json.ts';
import { mergeOptions } from '../../universe/options/merge-options.ts';
import { assign, parseAssignments } from '../documents/assignments.ts';
import { parseDocument } from '../documents/parse-document.ts';
import { readSource } from '../documents/read-source.ts';
import { refuseDuplicateKeys } from '../documents/refuse-duplicate-keys.ts';
import { CliError } from '../errors/cli-error.ts';
import type { Terminal } from '../output/terminal.ts';

/**
 * The options of a package: those of the files, each laid over the ones before it (objects are merged, anything else is
 * replaced), with those of --set on top. Undefined when there are none, so that the package's defaults alone count.
 * Throws CliError.
 */
export const readOptions = async (
  {
    options: files = [],
    set = [],
  }: { readonly options?: readonly string[] | undefined; readonly set?: readonly string[] | undefined },
  terminal: Terminal,
): Promise<object | undefined> => {
  if (files.length === 0 && set.length === 0) return undefined;
  if (files.filter((file) => file === '-').length > 1) {
    throw new CliError('usage', '--options - was given more than once: standard input is read only once');
  }
  const assignments = parseAssignments(set);
  let merged: JsonObject = {};
  for (const file of files) {
    const source = await readSource(file, terminal);
    const document: unknown = await parseDocument(source);
    refuseDuplicateKeys(source);
    if (isJsonObject(document)) merged = mergeOptions(merged, document);
  }
  return assign(merged, assignments);
};
