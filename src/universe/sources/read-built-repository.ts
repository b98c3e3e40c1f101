import { setImmediate as nextTurn } from 'node:timers/promises';
import { decodeDefinition } from '../definition/decode-definition.ts';
import { type PackedDefinition, packDefinition } from '../definition/packed-definition.ts';
import { entryOf, isJsonObject, type Json } from '../json/json.ts';
import { JsonSyntaxError, parseJson } from '../json/parse-json.ts';
import { splitArray } from '../json/split-array.ts';
import { MOST_PROBLEMS, type PackageProblem } from './file-tree.ts';
import type { LoadedRepository } from './loaded-repository.ts';
import { RepositoryError } from './repository-error.ts';

const MOST_DEFINITIONS = 50_000;
/** After this long other work of the process has its turn. */
const LONGEST_TURN_MS = 20;

/**
 * Reads a built repository (reference 1.9), packages of all packaging versions. A package that is broken is a problem of
 * the result and hides no other. Throws RepositoryError `bad-content` when the whole cannot be read.
 */
export const readBuiltRepository = async (text: string): Promise<Omit<LoadedRepository, 'signature'>> => {
  const definitions: PackedDefinition[] = [];
  const problems: PackageProblem[] = [];
  let turnStart = performance.now();
  let count = 0;
  for (const raw of parsePackages(text)) {
    try {
      definitions.push(await packDefinition(decodeDefinition(raw)));
    } catch (error) {
      problems.push({
        where: nameOf(raw, count),
        message: error instanceof Error ? error.message : String(error),
      });
    }
    count++;
    if (performance.now() - turnStart < LONGEST_TURN_MS) continue;
    await nextTurn();
    turnStart = performance.now();
  }
  return { definitions, problems: problems.slice(0, MOST_PROBLEMS) };
};

/** Package by package: to parse the public universe at once would hold up everything else for more than a second. */
function* parsePackages(text: string): Generator<Json> {
  let count = 0;
  try {
    for (const element of splitArray(text, 'packages')) {
      if (++count > MOST_DEFINITIONS) {
        throw new RepositoryError('bad-content', `The repository has more than ${MOST_DEFINITIONS} packages`);
      }
      yield parseJson(element);
    }
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const where = count === 0 ? '' : ` (package ${count})`;
    throw new RepositoryError('bad-content', `The repository cannot be read: ${error.message}${where}`, {
      cause: error,
    });
  }
}

const nameOf = (raw: Json, index: number): string => {
  const [name, version] = isJsonObject(raw) ? [entryOf(raw, 'name'), entryOf(raw, 'version')] : [];
  return typeof name === 'string'
    ? `${name.slice(0, 100)} ${String(version).slice(0, 100)}`
    : `/packages/${index}`;
};
