import { entryOf, isJsonObject, type Json } from '../../json/json.ts';
import { stringifyJson } from '../../json/stringify-json.ts';
import { escapePointer } from '../json-tree.ts';

/** One place where two JSON values are not the same; undefined where one of them has nothing. */
export interface Difference {
  readonly pointer: string;
  readonly expected: Json | undefined;
  readonly found: Json | undefined;
}

/** Every place where two values differ. The order of keys means nothing, that of elements does. */
export const compareJson = (
  expected: Json | undefined,
  found: Json | undefined,
  pointer = '',
): readonly Difference[] => {
  if (isJsonObject(expected) && isJsonObject(found)) {
    const keys = [...new Set([...Object.keys(expected), ...Object.keys(found)])];
    return keys.flatMap((key) =>
      compareJson(entryOf(expected, key), entryOf(found, key), `${pointer}/${escapePointer(key)}`),
    );
  }
  if (Array.isArray(expected) && Array.isArray(found) && expected.length === found.length) {
    return expected.flatMap((element, index) => compareJson(element, found[index], `${pointer}/${index}`));
  }
  const isSame =
    expected !== undefined && found !== undefined && stringifyJson(expected) === stringifyJson(found);
  return isSame ? [] : [{ pointer, expected, found }];
};
