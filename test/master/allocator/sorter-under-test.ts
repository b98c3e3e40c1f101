import { bagOf } from '../../../src/master/allocator/bag.ts';
import { ClusterTotals } from '../../../src/master/allocator/cluster-totals.ts';
import { Sorter } from '../../../src/master/allocator/sorter.ts';
import type { Resource } from '../../../src/mesos/generated/mesos.ts';
import { parseResources } from '../../../src/mesos/resources/parse-text.ts';

/** A sorter over one cluster, spoken to in resources. */
export class SorterUnderTest {
  readonly totals = new ClusterTotals();
  readonly sorter: Sorter;
  readonly #agents = new Map<string, Resource[]>();

  constructor(sorter?: (totals: ClusterTotals) => Sorter) {
    this.sorter = sorter?.(this.totals) ?? new Sorter({ kind: 'drf', totals: this.totals });
  }

  /** What an agent has from now on. */
  agent(total: Resource[] | string, id = 'agent'): this {
    const resources = typeof total === 'string' ? parseResources(total) : total;
    this.totals.totalChanged(bagOf(this.#agents.get(id) ?? []), bagOf(resources));
    this.#agents.set(id, resources);
    return this;
  }

  add(client: string, has?: Resource[] | string, agentId?: string): this {
    this.sorter.add(client);
    this.sorter.activate(client);
    return has === undefined ? this : this.give(client, has, agentId);
  }

  give(client: string, resources: Resource[] | string, agentId = 'agent'): this {
    this.sorter.allocated(client, agentId, bagOf(amounts(resources)));
    return this;
  }

  take(client: string, resources: Resource[] | string, agentId = 'agent'): this {
    this.sorter.unallocated(client, agentId, bagOf(amounts(resources)));
    return this;
  }

  get order(): string {
    return [...this.sorter.order()].join(' ');
  }

  /** Of these clients or subtrees, in parts of 1 with three decimals. */
  shares(...paths: string[]): number[] {
    return paths.map((path) => Math.round(1000 * this.sorter.share(path)) / 1000);
  }
}

/** `5,6` is 5 cpus and 6 MB; `cpus:5` is what it says. */
export const amounts = (resources: Resource[] | string): Resource[] => {
  if (typeof resources !== 'string') return resources;
  if (resources.includes(':')) return parseResources(resources);
  const [cpus, mem] = resources.split(',');
  return parseResources(`cpus:${cpus};mem:${mem}`);
};
