import { decodeUtf8 } from '../decode-utf8.ts';
import { decodeDefinition } from '../definition/decode-definition.ts';
import { type PackedDefinition, packDefinition } from '../definition/packed-definition.ts';
import { type ArrayElement, ArraySplitter } from '../json/array-splitter.ts';
import { entryOf, isJsonObject, type Json } from '../json/json.ts';
import { JsonSyntaxError, parseJson } from '../json/parse-json.ts';
import { mapConcurrently } from '../map-concurrently.ts';
import { PackageDefect } from '../package-defect.ts';
import { createTurns } from '../turns.ts';
import { LARGEST_FILE_BYTES, MOST_PROBLEMS, type PackageProblem } from './file-tree.ts';
import type { RepositoryContent } from './loaded-repository.ts';
import { RepositoryError } from './repository-error.ts';

const MOST_DEFINITIONS = 50_000;
/** Definitions that are compressed at once. */
const MOST_AT_ONCE = 8;

/**
 * Reads a built repository (reference 1.9) as it arrives, packages of all packaging versions. A package that is broken is
 * a problem of the result and hides no other. `what` it is stands in messages. Throws RepositoryError `bad-content` when the whole cannot be read.
 */
export const readBuiltRepository = async (
  pieces: AsyncIterable<Buffer>,
  what: string,
): Promise<RepositoryContent> => {
  const definitions: PackedDefinition[] = [];
  const problems: PackageProblem[] = [];
  const splitter = new ArraySplitter('packages', LARGEST_FILE_BYTES);
  const turn = createTurns();
  let count = 0;
  try {
    for await (const piece of pieces) {
      const elements = splitter.push(piece).map((element) => ({ element, index: count++ }));
      if (count > MOST_DEFINITIONS)
        throw new RepositoryError('bad-content', `${what} has more than ${MOST_DEFINITIONS} packages`);
      const results = await mapConcurrently(elements, MOST_AT_ONCE, async ({ element, index }) => {
        await turn();
        return readElement(element, index);
      });
      for (const result of results) {
        if ('summary' in result) definitions.push(result);
        else if (problems.length < MOST_PROBLEMS) problems.push(result);
      }
      await turn();
    }
    splitter.end();
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const where = count === 0 ? '' : ` (after ${count} packages)`;
    throw new RepositoryError('bad-content', `${what} cannot be read: ${error.message}${where}`, {
      cause: error,
    });
  }
  return { definitions, problems };
};

const readElement = async (
  element: ArrayElement,
  index: number,
): Promise<PackedDefinition | PackageProblem> => {
  let raw: Json = null;
  try {
    if (!element.bytes)
      throw new PackageDefect(`is larger than ${LARGEST_FILE_BYTES} bytes (${element.sizeBytes})`);
    raw = parseJson(decodeUtf8(element.bytes));
    return await packDefinition(decodeDefinition(raw));
  } catch (error) {
    return { where: nameOf(raw, index), message: error instanceof Error ? error.message : String(error) };
  }
};

const nameOf = (raw: Json, index: number): string => {
  const [name, version] = isJsonObject(raw) ? [entryOf(raw, 'name'), entryOf(raw, 'version')] : [];
  return typeof name === 'string'
    ? `${name.slice(0, 100)} ${String(version).slice(0, 100)}`
    : `/packages/${index}`;
};
