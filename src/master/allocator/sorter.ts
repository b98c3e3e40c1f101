import type { Random } from '../../runtime/random.ts';
import type { SorterKind } from './allocator-types.ts';
import type { Bag } from './bag.ts';
import { ClientTree } from './client-tree.ts';
import type { ClusterTotals } from './cluster-totals.ts';
import { DrfOrder } from './drf-order.ts';
import { randomOrder } from './random-order.ts';

export interface SorterOptions {
  kind: SorterKind;
  totals: ClusterTotals;
  /** Names that do not count in shares. */
  excludedNames?: ReadonlySet<string>;
  /** Random sorters need it. */
  random?: Random;
}

/** Keeps clients, roles or frameworks, in the order in which they are to be served (mesos.md 5.3). */
export class Sorter {
  readonly #weights = new Map<string, number>();
  readonly #drf: DrfOrder;
  readonly #tree: ClientTree;
  readonly #listClients: () => Iterable<string>;
  readonly #active = new Set<string>();

  constructor({ kind, totals, excludedNames = new Set(), random }: SorterOptions) {
    this.#drf = new DrfOrder({ totals, excludedNames, weightOf: (path) => this.#weights.get(path) ?? 1 });
    this.#tree = new ClientTree(this.#drf);
    if (kind === 'drf') {
      this.#listClients = () => this.#drf.list(this.#tree.root);
      return;
    }
    if (!random) throw new Error('A random sorter needs a source of randomness');
    this.#listClients = () => randomOrder(this.#tree.root, (path) => this.#weights.get(path) ?? 1, random);
  }

  /** Whether any client is active. */
  get isActive(): boolean {
    return this.#active.size > 0;
  }

  has(client: string): boolean {
    return this.#tree.has(client);
  }

  /** A new client is inactive. */
  add(client: string): void {
    this.#tree.add(client);
  }

  remove(client: string): void {
    this.#active.delete(client);
    this.#tree.remove(client);
  }

  activate(client: string): void {
    this.#active.add(client);
    this.#tree.setActive(client, true);
  }

  /** It is not listed any more; what it has still counts in the shares above it. */
  deactivate(client: string): void {
    this.#active.delete(client);
    this.#tree.setActive(client, false);
  }

  /** Of the subtree at a path, present or not; undefined: the default of 1. */
  setWeight(path: string, weight: number | undefined): void {
    if (weight === undefined) this.#weights.delete(path);
    else this.#weights.set(path, weight);
    this.#drf.weightsChanged();
  }

  allocated(client: string, agentId: string, bag: Bag): void {
    this.#tree.allocated(client, agentId, bag);
  }

  unallocated(client: string, agentId: string, bag: Bag): void {
    this.#tree.unallocated(client, agentId, bag);
  }

  updated(client: string, agentId: string, before: Bag, after: Bag): void {
    this.#tree.updated(client, agentId, before, after);
  }

  /**
   * Active clients, whose turn it is first. The list is as of the moment it was asked for, as long as it is read to its end or
   * given up before it is asked for again.
   */
  order(): Iterable<string> {
    return this.#listClients();
  }

  /** The dominant share of the subtree at a path, by its weight; 0 for what is not there. */
  share(path: string): number {
    const node = this.#tree.node(path);
    return node ? this.#drf.shareOf(node) : 0;
  }

  /** Thousandths by name, offered or allocated to the subtree at a path. */
  allocation(path: string): ReadonlyMap<string, number> {
    return this.#tree.node(path)?.quantities ?? new Map();
  }
}
