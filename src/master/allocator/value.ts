import type { Resource, ValueRange } from '../../mesos/generated/mesos.ts';
import { mergeRanges, subtractRanges } from '../../mesos/resources/arithmetic.ts';
import type { Kind } from './kind.ts';
import { fromThousandths, toThousandths } from './quantities.ts';

/** How much there is: thousandths of a scalar, copies of what is indivisible, ranges (in order, apart) or items. */
export type Value = number | readonly ValueRange[] | ReadonlySet<string>;

export const valueOfResource = ({ type, scalar, ranges, set }: Resource, kind: Kind): Value => {
  if (type === 'RANGES') return mergeRanges(ranges?.range ?? []);
  if (type === 'SET') return new Set(set?.item);
  return kind.unit === undefined ? toThousandths(scalar?.value ?? 0) : 1;
};

export const isEmptyValue = (value: Value): boolean => {
  if (typeof value === 'number') return value <= 0;
  return isItems(value) ? value.size === 0 : value.length === 0;
};

/** Both values are of the same kind of resource, here and below. */
export const addValues = (one: Value, other: Value): Value => {
  if (typeof one === 'number' && typeof other === 'number') return one + other;
  if (isItems(one) && isItems(other)) return new Set([...one, ...other]);
  return isRanges(one) && isRanges(other) ? mergeRanges([...one, ...other]) : one;
};

/** What is left of `one`; never less than nothing. */
export const subtractValue = (one: Value, other: Value): Value => {
  if (typeof one === 'number' && typeof other === 'number') return Math.max(0, one - other);
  if (isItems(one) && isItems(other)) return new Set([...one].filter((item) => !other.has(item)));
  return isRanges(one) && isRanges(other) ? subtractRanges(one, other) : one;
};

export const containsValue = (one: Value, other: Value): boolean =>
  typeof one === 'number' && typeof other === 'number'
    ? one >= other
    : isEmptyValue(subtractValue(other, one));

/** The resources that a value of a kind stands for: one, or one for each copy. */
export const resourcesOfValue = ({ template, unit }: Kind, value: Value): Resource[] => {
  if (isItems(value)) return [{ ...template, set: { item: [...value] } }];
  if (isRanges(value)) return [{ ...template, ranges: { range: value.map((range) => ({ ...range })) } }];
  if (unit === undefined) return [{ ...template, scalar: { value: fromThousandths(value) } }];
  return Array.from({ length: value }, () => ({ ...template, scalar: { value: fromThousandths(unit) } }));
};

const isRanges = (value: Value): value is readonly ValueRange[] => Array.isArray(value);

const isItems = (value: Value): value is ReadonlySet<string> => value instanceof Set;
