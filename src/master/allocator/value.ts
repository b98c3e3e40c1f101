import type { Resource, ValueRange } from '../../mesos/generated/mesos.ts';
import { mergeRanges, subtractRanges } from '../../mesos/resources/arithmetic.ts';
import type { Kind } from './kind.ts';
import { fromThousandths, toThousandths } from './quantities.ts';

/** How much there is: thousandths of a scalar, copies of what is indivisible, ranges (in order, apart) or items. */
export type Value = number | readonly ValueRange[] | ReadonlySet<string>;

export const valueOfResource = ({ type, scalar, ranges, set }: Resource, kind: Kind): Value => {
  if (type === 'RANGES') return orderedRanges(ranges?.range ?? []);
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
  if (!isRanges(one) || !isRanges(other)) return one;
  return areEqual(one, other) ? [] : subtractRanges(one, other);
};

export const containsValue = (one: Value, other: Value): boolean =>
  typeof one === 'number' && typeof other === 'number'
    ? one >= other
    : isEmptyValue(subtractValue(other, one));

/** The resource that a value of a kind stands for, or one of its copies, allocated to the role if there is one. */
export const resourceOf = ({ template, isPlain, unit }: Kind, value: Value, role?: string): Resource => {
  // A run makes tens of thousands of these, and spreading is thirty times slower than naming the fields.
  const resource: Resource = isPlain ? { name: template.name, type: template.type } : { ...template };
  if (isItems(value)) resource.set = { item: [...value] };
  else if (isRanges(value)) resource.ranges = { range: orderedRanges(value) };
  else resource.scalar = { value: fromThousandths(unit ?? value) };
  if (role !== undefined) resource.allocation_info = { role };
  return resource;
};

/** Most often there is one range, and all of it changes hands. */
const orderedRanges = (ranges: readonly ValueRange[]): ValueRange[] =>
  ranges.length > 1 ? mergeRanges(ranges) : ranges.map(({ begin, end }) => ({ begin, end }));

const areEqual = (one: readonly ValueRange[], other: readonly ValueRange[]): boolean =>
  one.length === other.length &&
  one.every(({ begin, end }, index) => begin === other[index]?.begin && end === other[index].end);

const isRanges = (value: Value): value is readonly ValueRange[] => Array.isArray(value);

const isItems = (value: Value): value is ReadonlySet<string> => value instanceof Set;
