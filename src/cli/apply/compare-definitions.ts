import { isDeepStrictEqual } from 'node:util';
import type { FieldChange } from './planned-change.ts';

/**
 * What of a wanted definition is not so in the present one. Fields that are not given are not looked at, since only
 * Marathon knows what they default to: this is for a Marathon that cannot be asked.
 */
export const compareDefinitions = (present: unknown, wanted: unknown): FieldChange[] =>
  differences(present, wanted, { path: '', keysOf: (_, after) => Object.keys(after) });

/** All that differs between two whole definitions. */
export const diffDefinitions = (before: unknown, after: unknown): FieldChange[] =>
  differences(before, after, {
    path: '',
    keysOf: (former, next) => [...new Set([...Object.keys(former), ...Object.keys(next)])],
  });

type Fields = Readonly<Record<string, unknown>>;

interface Comparison {
  readonly path: string;
  /** The fields that are looked at. */
  readonly keysOf: (before: Fields, after: Fields) => string[];
}

/** By field, and by element where lists are of one length; else lists are compared as a whole. */
const differences = (before: unknown, after: unknown, { path, keysOf }: Comparison): FieldChange[] => {
  if (isObject(before) && isObject(after)) {
    return keysOf(before, after)
      .sort()
      .flatMap((key) =>
        differences(own(before, key), own(after, key), {
          path: `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`,
          keysOf,
        }),
      );
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((element, index) =>
      differences(element, after[index], { path: `${path}/${index}`, keysOf }),
    );
  }
  if (isDeepStrictEqual(before, after)) return [];
  return [{ path, ...(before !== undefined && { before }), ...(after !== undefined && { after }) }];
};

const own = (fields: Fields, key: string): unknown => (Object.hasOwn(fields, key) ? fields[key] : undefined);

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
