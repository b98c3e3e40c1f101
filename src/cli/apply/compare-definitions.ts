import { isDeepStrictEqual } from 'node:util';
import type { FieldChange } from './planned-change.ts';

/**
 * What of a wanted definition is not so in the present one. Fields that are not given are not looked at, since only
 * Marathon knows what they default to: this is for a Marathon that cannot be asked.
 */
export const compareDefinitions = (present: unknown, wanted: unknown, path = ''): FieldChange[] => {
  if (isObject(present) && isObject(wanted)) {
    return Object.keys(wanted)
      .sort()
      .flatMap((key) =>
        compareDefinitions(
          Object.hasOwn(present, key) ? present[key] : undefined,
          wanted[key],
          `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`,
        ),
      );
  }
  if (contains(present, wanted)) return [];
  return [{ path, ...(present !== undefined && { before: present }), after: wanted }];
};

/** Lists are compared as a whole; their elements may have fields more that they were completed with. */
const contains = (present: unknown, wanted: unknown): boolean => {
  if (Array.isArray(present) && Array.isArray(wanted)) {
    return (
      present.length === wanted.length && wanted.every((element, index) => contains(present[index], element))
    );
  }
  return isObject(present) && isObject(wanted)
    ? compareDefinitions(present, wanted).length === 0
    : isDeepStrictEqual(present, wanted);
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
