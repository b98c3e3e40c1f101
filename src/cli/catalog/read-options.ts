import { assign, parseAssignments } from '../documents/assignments.ts';
import { parseDocument } from '../documents/parse-document.ts';
import { readSource } from '../documents/read-source.ts';
import type { Terminal } from '../output/terminal.ts';

/**
 * The options of a package: those of the file, with those of --set on top. Undefined when there are none, so that the
 * package's defaults alone count. Throws CliError.
 */
export const readOptions = async (
  {
    options,
    set = [],
  }: { readonly options?: string | undefined; readonly set?: readonly string[] | undefined },
  terminal: Terminal,
): Promise<object | undefined> => {
  if (options === undefined && set.length === 0) return undefined;
  const base = options === undefined ? {} : await parseDocument(await readSource(options, terminal));
  return assign(base, parseAssignments(set));
};
