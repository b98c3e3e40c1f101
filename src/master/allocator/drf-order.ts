import type { TreeListener, TreeNode } from './client-tree.ts';
import type { ClusterTotals } from './cluster-totals.ts';

export interface DrfOrderOptions {
  totals: ClusterTotals;
  excludedNames: ReadonlySet<string>;
  weightOf: (path: string) => number;
}

/** A child's place among its siblings, and the keys by which it got it. */
interface Place {
  readonly node: TreeNode;
  share: number;
  count: number;
  isListed: boolean;
}

interface Siblings {
  readonly places: Map<TreeNode, Place>;
  listed: Place[];
  /** Whose keys are not those of their place any more. */
  readonly moved: Set<TreeNode>;
  /** The version of all shares that the order is of. */
  version: number;
}

const UNSORTED = -1;
/** Beyond this part of the siblings it is cheaper to sort them all than to move one by one. */
const MOVED_PART = 8;

/**
 * Dominant resource fairness: the children of a node are served in the order of their weighted dominant share, then of the
 * number of allocations made, then by path; the tree is listed depth first. An order is kept and only what has changed gets
 * another place, for a run asks once per agent and between two agents hardly more than one client changes.
 */
export class DrfOrder implements TreeListener {
  readonly #options: DrfOrderOptions;
  readonly #siblings = new WeakMap<TreeNode, Siblings>();
  #weightsVersion = 0;

  constructor(options: DrfOrderOptions) {
    this.#options = options;
  }

  structureChanged(parent: TreeNode): void {
    const siblings = this.#siblings.get(parent);
    if (siblings) siblings.version = UNSORTED;
  }

  nodeChanged(node: TreeNode): void {
    if (node.parent) this.#siblings.get(node.parent)?.moved.add(node);
  }

  weightsChanged(): void {
    this.#weightsVersion++;
  }

  /** The largest part that the subtree has of any resource, divided by its weight. */
  shareOf({ quantities, path }: TreeNode): number {
    const { totals, excludedNames, weightOf } = this.#options;
    let share = 0;
    // What the cluster has nothing of is not among the totals.
    for (const [name, total] of totals.all) {
      if (excludedNames.has(name)) continue;
      share = Math.max(share, (quantities.get(name) ?? 0) / total);
    }
    return share / weightOf(path);
  }

  *list(node: TreeNode): Generator<string> {
    for (const { node: child } of this.#ordered(node)) {
      if (child.client !== undefined) yield child.client;
      else yield* this.list(child);
    }
  }

  #ordered(parent: TreeNode): readonly Place[] {
    // Both versions only grow, so their sum is another one whenever one of them is.
    const version = this.#options.totals.version + this.#weightsVersion;
    let siblings = this.#siblings.get(parent);
    if (!siblings) {
      siblings = { places: new Map(), listed: [], moved: new Set(), version: UNSORTED };
      this.#siblings.set(parent, siblings);
    }
    if (siblings.version !== version || siblings.moved.size * MOVED_PART > siblings.places.size) {
      if (siblings.version !== version || siblings.moved.size > 0) this.#sortAll(parent, siblings);
      siblings.version = version;
    } else {
      this.#move(siblings);
    }
    siblings.moved.clear();
    return siblings.listed;
  }

  #sortAll(parent: TreeNode, siblings: Siblings): void {
    const { places } = siblings;
    for (const node of places.keys()) if (parent.children.get(node.name) !== node) places.delete(node);
    siblings.listed = [];
    for (const node of parent.children.values()) {
      const place = places.get(node) ?? { node, share: 0, count: 0, isListed: false };
      places.set(node, place);
      this.#renew(place);
      if (place.isListed) siblings.listed.push(place);
    }
    siblings.listed.sort(comparePlaces);
  }

  #move({ places, listed, moved }: Siblings): void {
    for (const node of moved) {
      const place = places.get(node);
      if (place?.isListed) listed.splice(indexOf(listed, place), 1);
    }
    for (const node of moved) {
      const place = places.get(node);
      if (!place) continue;
      this.#renew(place);
      if (place.isListed) listed.splice(indexOf(listed, place), 0, place);
    }
  }

  #renew(place: Place): void {
    const { node } = place;
    place.share = this.shareOf(node);
    place.count = node.count;
    place.isListed = node.client === undefined || node.isActive;
  }
}

const comparePlaces = (one: Place, other: Place): number => {
  if (one.share !== other.share) return one.share - other.share;
  if (one.count !== other.count) return one.count - other.count;
  return one.node.path < other.node.path ? -1 : 1;
};

/** Where the place is, or is to be put. */
const indexOf = (listed: readonly Place[], place: Place): number => {
  let low = 0;
  let high = listed.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = listed[middle];
    if (other && other.node !== place.node && comparePlaces(other, place) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
};
