import type { Bag } from './bag.ts';
import { thousandthsOf } from './bag.ts';
import { increase, increaseAll, type MutableQuantities } from './quantities.ts';

/** The name of the leaf beneath a role that has both frameworks of its own and roles below it. */
const OWN_LEAF = '.';

/**
 * A role or framework in a sorter's tree (mesos.md 5.3): the tree has a node for each word of a path. A leaf is a client. A client
 * with clients below it is represented by a leaf `.` beneath its node, and competes there with them.
 */
export interface TreeNode {
  readonly name: string;
  readonly path: string;
  readonly parent: TreeNode | undefined;
  readonly children: Map<string, TreeNode>;
  /** For leaves: the client's path, which is not the node's own when the leaf is `.`. */
  client: string | undefined;
  /** For leaves: whether it takes part. */
  isActive: boolean;
  /** Everything offered or allocated to the subtree. */
  quantities: MutableQuantities;
  /** Shared resources by agent and kind: however many copies there are, they count once. */
  shared: Map<string, SharedHolding>;
  /** Allocations made so far; it never goes down, and gives alternation between equals. */
  count: number;
}

interface SharedHolding {
  readonly name: string;
  readonly unit: number;
  readonly copies: number;
}

/** What the tree tells about: an order of the children has to be found anew, or one child's place in it. */
export interface TreeListener {
  structureChanged(parent: TreeNode): void;
  nodeChanged(node: TreeNode): void;
}

/** The clients of a sorter, and what they have. */
export class ClientTree {
  readonly root: TreeNode = createNode('', '', undefined);
  readonly #leaves = new Map<string, TreeNode>();
  readonly #listener: TreeListener;

  constructor(listener: TreeListener) {
    this.#listener = listener;
  }

  has(client: string): boolean {
    return this.#leaves.has(client);
  }

  /** The node of a role or client, if it is in the tree. */
  node(path: string): TreeNode | undefined {
    let node: TreeNode | undefined = this.root;
    for (const word of path.split('/')) node = node?.children.get(word);
    return node;
  }

  /** A new client is inactive. */
  add(client: string): void {
    if (this.#leaves.has(client)) return;
    let node = this.root;
    for (const word of client.split('/')) {
      if (node.client !== undefined) this.#moveIntoOwnLeaf(node);
      node = node.children.get(word) ?? this.#addChild(node, word);
    }
    const leaf = node.children.size > 0 ? this.#addChild(node, OWN_LEAF) : node;
    leaf.client = client;
    this.#leaves.set(client, leaf);
  }

  /** What the client has is no longer counted above it. */
  remove(client: string): void {
    const leaf = this.#leaves.get(client);
    if (!leaf) return;
    this.#leaves.delete(client);
    leaf.client = undefined;
    for (let node = leaf; node.parent; node = node.parent) {
      const { parent } = node;
      if (node !== leaf) withdraw(node, leaf);
      if (node.children.size === 0 && node.client === undefined) {
        parent.children.delete(node.name);
        this.#listener.structureChanged(parent);
      } else {
        this.#moveOutOfOwnLeaf(node);
        this.#listener.nodeChanged(node);
      }
    }
  }

  setActive(client: string, isActive: boolean): void {
    const leaf = this.#leaves.get(client);
    if (!leaf || leaf.isActive === isActive) return;
    leaf.isActive = isActive;
    this.#listener.nodeChanged(leaf);
  }

  allocated(client: string, agentId: string, bag: Bag): void {
    for (let node = this.#leaves.get(client); node?.parent; node = node.parent) {
      hold(node, agentId, bag, 1);
      node.count++;
      this.#listener.nodeChanged(node);
    }
  }

  unallocated(client: string, agentId: string, bag: Bag): void {
    for (let node = this.#leaves.get(client); node?.parent; node = node.parent) {
      hold(node, agentId, bag, -1);
      this.#listener.nodeChanged(node);
    }
  }

  /** Operations made something else of what a client has: not an allocation of its own. */
  updated(client: string, agentId: string, before: Bag, after: Bag): void {
    for (let node = this.#leaves.get(client); node?.parent; node = node.parent) {
      hold(node, agentId, before, -1);
      hold(node, agentId, after, 1);
      this.#listener.nodeChanged(node);
    }
  }

  #addChild(parent: TreeNode, name: string): TreeNode {
    const path = parent.parent ? `${parent.path}/${name}` : name;
    const child = createNode(name, path, parent);
    parent.children.set(name, child);
    this.#listener.structureChanged(parent);
    return child;
  }

  #moveIntoOwnLeaf(node: TreeNode): void {
    const { client, isActive, quantities, shared, count } = node;
    if (client === undefined) return;
    const leaf = this.#addChild(node, OWN_LEAF);
    Object.assign(leaf, {
      client,
      isActive,
      quantities: new Map(quantities),
      shared: new Map(shared),
      count,
    });
    Object.assign(node, { client: undefined, isActive: false });
    this.#leaves.set(client, leaf);
    this.#listener.nodeChanged(node);
  }

  /** A node that has nobody left below it but itself is a leaf again. */
  #moveOutOfOwnLeaf(node: TreeNode): void {
    const own = node.children.get(OWN_LEAF);
    if (own?.client === undefined || node.children.size > 1) return;
    node.children.delete(OWN_LEAF);
    Object.assign(node, { client: own.client, isActive: own.isActive });
    this.#leaves.set(own.client, node);
    this.#listener.structureChanged(node);
  }
}

const createNode = (name: string, path: string, parent: TreeNode | undefined): TreeNode => ({
  name,
  path,
  parent,
  children: new Map(),
  client: undefined,
  isActive: false,
  quantities: new Map(),
  shared: new Map(),
  count: 0,
});

const hold = (node: TreeNode, agentId: string, bag: Bag, times: 1 | -1): void => {
  for (const piece of bag.values()) {
    const { kind, value } = piece;
    if (!kind.isScalar || typeof value !== 'number') continue;
    if (!kind.isShared) increase(node.quantities, kind.name, times * thousandthsOf(piece));
    else holdShared(node, `${agentId} ${kind.key}`, { name: kind.name, unit: kind.unit ?? 0 }, times * value);
  }
};

/** The first copy adds to the quantities, the last one to go takes from them. */
const holdShared = (
  node: TreeNode,
  key: string,
  { name, unit }: Omit<SharedHolding, 'copies'>,
  change: number,
): void => {
  const before = node.shared.get(key)?.copies ?? 0;
  const copies = Math.max(0, before + change);
  if (copies > 0) node.shared.set(key, { name, unit, copies });
  else node.shared.delete(key);
  if (copies > 0 !== before > 0) increase(node.quantities, name, copies > 0 ? unit : -unit);
};

/** Takes all that a leaf has from a node above it. */
const withdraw = (node: TreeNode, leaf: TreeNode): void => {
  increaseAll(node.quantities, leaf.quantities, -1);
  for (const [key, holding] of leaf.shared) {
    increase(node.quantities, holding.name, holding.unit);
    holdShared(node, key, holding, -holding.copies);
  }
};
