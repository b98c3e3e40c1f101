import { entryOf, isJsonObject, type Json, type JsonObject } from '../json/json.ts';
import { stringifyJson } from '../json/stringify-json.ts';

/** One difference; what is missing is not there. */
export interface OptionChange {
  /** Names from the top, such as `['service', 'name']`. */
  readonly path: readonly string[];
  readonly before?: Json;
  readonly after?: Json;
}

/** How options differ, value by value: sections are looked into, lists are one value. In the order of the names. */
export const diffOptions = (
  before: JsonObject,
  after: JsonObject,
  path: readonly string[] = [],
): readonly OptionChange[] => {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name): readonly OptionChange[] => {
    const own = [...path, name];
    const [previous, next] = [entryOf(before, name), entryOf(after, name)];
    if (isJsonObject(previous) && isJsonObject(next)) return diffOptions(previous, next, own);
    if (previous !== undefined && next !== undefined && stringifyJson(previous) === stringifyJson(next))
      return [];
    return [
      {
        path: own,
        ...(previous === undefined ? {} : { before: previous }),
        ...(next === undefined ? {} : { after: next }),
      },
    ];
  });
};
