import type { Resource, ResourceDiskInfo, ValueRange } from '../generated/mesos.ts';

/** Adding and taking away resources (mesos.md 1.9.3): only what is alike in everything but its amount can be. */

const THOUSANDTHS = 1000;

/** All of `resources` and `added`, merged where they can be. */
export const addResources = (resources: readonly Resource[], added: readonly Resource[]): Resource[] => {
  const sum = [...resources];
  const places = new Map<string, number>();
  for (const [index, resource] of sum.entries()) {
    const identity = identityOf(resource);
    if (!isWhole(resource) && !places.has(identity)) places.set(identity, index);
  }
  for (const resource of added) {
    const identity = identityOf(resource);
    const index = isWhole(resource) ? undefined : places.get(identity);
    const other = index === undefined ? undefined : sum[index];
    if (index !== undefined && other) sum[index] = combine(other, resource, 'add');
    else {
      if (!isWhole(resource)) places.set(identity, sum.length);
      sum.push(resource);
    }
  }
  return sum;
};

/** What is left of `resources`, or undefined when they do not contain all of `removed`. */
export const subtractResources = (
  resources: readonly Resource[],
  removed: readonly Resource[],
): Resource[] | undefined => {
  let left = [...resources];
  for (const resource of removed) {
    const index = left.findIndex(
      (other) => identityOf(other) === identityOf(resource) && holds(other, resource),
    );
    const other = left[index];
    if (!other) return undefined;
    const rest = combine(other, resource, 'subtract');
    left = isEmpty(rest) ? left.toSpliced(index, 1) : left.with(index, rest);
  }
  return left;
};

/** Volumes and mounted disks are had whole or not at all. */
export const isWhole = ({ disk }: Resource): boolean =>
  disk?.persistence !== undefined ||
  disk?.source?.type === 'MOUNT' ||
  disk?.source?.type === 'BLOCK' ||
  (disk?.source?.type === 'RAW' && disk.source.id !== undefined);

/** Everything about a resource but its amount, in a form that can be compared. */
export const identityOf = (resource: Resource): string => {
  if (isPlain(resource)) return plainIdentity(resource);
  const { scalar, ranges, set, disk, ...kind } = resource;
  return JSON.stringify(
    sorted({
      ...kind,
      ...(disk ? { disk: diskIdentity(disk) } : {}),
      ...(isWhole(resource) ? { amount: scalar?.value } : {}),
    }),
  );
};

/** As Mesos compares disks: how a volume is mounted says how it is used, and who made it does not make it another one. */
const diskIdentity = ({ source, persistence }: ResourceDiskInfo): unknown => ({
  source,
  persistence: persistence && { id: persistence.id },
});

/** Neither reserved nor special in any way: nearly all are, and can be told apart without looking far. */
const isPlain = ({ reservation, reservations, disk, revocable, shared, provider_id }: Resource): boolean =>
  !reservation && !reservations && !disk && !revocable && !shared && !provider_id;

/** Unlike the others, which are JSON objects, these begin with a letter. */
const plainIdentity = ({ name, type, role, allocation_info }: Resource): string =>
  `${type}\n${name}\n${role ?? ''}\n${allocation_info?.role ?? ''}`;

/** The same value with the keys of every object in order. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
};

const thousandths = (value: number | undefined): number => Math.round((value ?? 0) * THOUSANDTHS);

const holds = (one: Resource, other: Resource): boolean => {
  if (one.type === 'SCALAR') return thousandths(one.scalar?.value) >= thousandths(other.scalar?.value);
  if (one.type === 'SET') {
    const items = new Set(one.set?.item);
    return (other.set?.item ?? []).every((item) => items.has(item));
  }
  return subtractRanges(other.ranges?.range ?? [], one.ranges?.range ?? []).length === 0;
};

const isEmpty = ({ type, scalar, ranges, set }: Resource): boolean => {
  if (type === 'SCALAR') return thousandths(scalar?.value) === 0;
  return type === 'SET' ? (set?.item ?? []).length === 0 : (ranges?.range ?? []).length === 0;
};

const combine = (one: Resource, other: Resource, how: 'add' | 'subtract'): Resource => {
  if (one.type === 'SCALAR') {
    const sign = how === 'add' ? 1 : -1;
    const value = (thousandths(one.scalar?.value) + sign * thousandths(other.scalar?.value)) / THOUSANDTHS;
    return { ...one, scalar: { value } };
  }
  if (one.type === 'SET') {
    const items = new Set(one.set?.item);
    for (const item of other.set?.item ?? []) {
      if (how === 'add') items.add(item);
      else items.delete(item);
    }
    return { ...one, set: { item: [...items] } };
  }
  const mine = one.ranges?.range ?? [];
  const theirs = other.ranges?.range ?? [];
  const range = how === 'add' ? mergeRanges([...mine, ...theirs]) : subtractRanges(mine, theirs);
  return { ...one, ranges: { range } };
};

/** The same ranges in order, with those that touch made one. */
export const mergeRanges = (ranges: readonly ValueRange[]): ValueRange[] => {
  const merged: ValueRange[] = [];
  for (const { begin, end } of ranges.toSorted((one, other) => one.begin - other.begin)) {
    const last = merged.at(-1);
    if (last && begin <= last.end + 1) last.end = Math.max(last.end, end);
    else merged.push({ begin, end });
  }
  return merged;
};

/** What is left of `ranges` without `removed`. */
export const subtractRanges = (
  ranges: readonly ValueRange[],
  removed: readonly ValueRange[],
): ValueRange[] => {
  const gaps = mergeRanges(removed);
  const left: ValueRange[] = [];
  let first = 0;
  for (const { begin, end } of mergeRanges(ranges)) {
    // Both lists are in order: what ends before this range ends before the next one, too.
    while ((gaps[first]?.end ?? Number.POSITIVE_INFINITY) < begin) first++;
    let from = begin;
    for (let index = first; index < gaps.length; index++) {
      const gap = gaps[index];
      if (!gap || gap.begin > end) break;
      if (gap.begin > from) left.push({ begin: from, end: gap.begin - 1 });
      from = gap.end + 1;
    }
    if (from <= end) left.push({ begin: from, end });
  }
  return left;
};
