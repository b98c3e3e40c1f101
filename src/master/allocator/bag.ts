import type { Resource } from '../../mesos/generated/mesos.ts';
import { type Kind, kindOf } from './kind.ts';
import { increase, type MutableQuantities, type Quantities } from './quantities.ts';
import {
  addValues,
  containsValue,
  isEmptyValue,
  resourceOf,
  subtractValue,
  type Value,
  valueOfResource,
} from './value.ts';

export interface Piece {
  readonly kind: Kind;
  readonly value: Value;
}

/**
 * Resources by the key of their kind. Never changed: each operation gives a new bag, or the same one when nothing is different,
 * so that what was found out about a bag stays true. No piece is empty.
 */
export type Bag = ReadonlyMap<string, Piece>;

export const EMPTY_BAG: Bag = new Map();

export const bagOf = (resources: readonly Resource[]): Bag => {
  const bag = new Map<string, Piece>();
  for (const resource of resources) addResource(bag, resource);
  return bag;
};

/** By the roles that the resources are allocated to. */
export const bagsByRole = (resources: readonly Resource[]): Map<string, Bag> => {
  const bags = new Map<string, Map<string, Piece>>();
  for (const resource of resources) {
    const role = resource.allocation_info?.role ?? '*';
    const bag = bags.get(role) ?? new Map<string, Piece>();
    addResource(bag, resource);
    bags.set(role, bag);
  }
  return bags;
};

export const bagOfPieces = (pieces: Iterable<Piece>): Bag => {
  const bag = new Map<string, Piece>();
  for (const piece of pieces) addPiece(bag, piece);
  return bag;
};

export const addBags = (one: Bag, other: Bag): Bag => {
  if (one.size === 0) return other;
  if (other.size === 0) return one;
  const sum = new Map(one);
  for (const piece of other.values()) addPiece(sum, piece);
  return sum;
};

/** What is left of `bag` without `removed`; what it does not have cannot be taken from it. */
export const subtractBag = (bag: Bag, removed: Bag): Bag => {
  if (removed.size === 0 || bag.size === 0) return bag;
  if (removed === bag) return EMPTY_BAG;
  const left = new Map<string, Piece>();
  for (const [key, piece] of bag) {
    const taken = removed.get(key);
    const rest = taken ? subtractValue(piece.value, taken.value) : piece.value;
    if (!isEmptyValue(rest)) left.set(key, taken ? { kind: piece.kind, value: rest } : piece);
  }
  return left.size === 0 ? EMPTY_BAG : left;
};

/** Whether all of `other` is in `bag`. */
export const containsBag = (bag: Bag, other: Bag): boolean => {
  for (const [key, { value }] of other) {
    const piece = bag.get(key);
    if (!piece || !containsValue(piece.value, value)) return false;
  }
  return true;
};

/** What is in both. */
export const intersectBags = (bag: Bag, other: Bag): Bag =>
  containsBag(bag, other) ? other : subtractBag(bag, subtractBag(bag, other));

/** The same bag when every piece is kept. */
export const filterBag = (bag: Bag, isKept: (kind: Kind) => boolean): Bag => {
  let isWhole = true;
  for (const { kind } of bag.values()) isWhole &&= isKept(kind);
  return isWhole ? bag : new Map(Array.from(bag).filter(([, { kind }]) => isKept(kind)));
};

/** Thousandths by name of the scalars that are counted. */
export const scalarsOf = (bag: Bag, isCounted: (kind: Kind) => boolean = () => true): Quantities => {
  const sums: MutableQuantities = new Map();
  for (const piece of bag.values()) {
    if (piece.kind.isScalar && isCounted(piece.kind)) increase(sums, piece.kind.name, thousandthsOf(piece));
  }
  return sums;
};

/** How much a scalar counts for; copies of what is shared are one and the same thing. */
export const thousandthsOf = ({ kind, value }: Piece): number => {
  if (typeof value !== 'number') return 0;
  if (kind.unit === undefined) return value;
  return kind.isShared ? kind.unit : kind.unit * value;
};

/** Allocated to the role if there is one. */
export const resourcesOf = (bag: Bag, role?: string): Resource[] => {
  const resources: Resource[] = [];
  for (const { kind, value } of bag.values()) {
    const copies = kind.unit === undefined || typeof value !== 'number' ? 1 : value;
    for (let copy = 0; copy < copies; copy++) resources.push(resourceOf(kind, value, role));
  }
  return resources;
};

const addResource = (bag: Map<string, Piece>, resource: Resource): void => {
  const kind = kindOf(resource);
  addPiece(bag, { kind, value: valueOfResource(resource, kind) });
};

const addPiece = (bag: Map<string, Piece>, piece: Piece): void => {
  const other = bag.get(piece.kind.key);
  if (other) bag.set(other.kind.key, { kind: other.kind, value: addValues(other.value, piece.value) });
  else if (!isEmptyValue(piece.value)) bag.set(piece.kind.key, piece);
};
