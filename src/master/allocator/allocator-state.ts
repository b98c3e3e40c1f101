import type { DomainInfo } from '../../mesos/generated/mesos.ts';
import type { Random } from '../../runtime/random.ts';
import type { AgentRecord } from './agent-record.ts';
import type { AllocatorOptions } from './allocator-types.ts';
import { ClusterTotals } from './cluster-totals.ts';
import type { FrameworkRecord } from './framework-record.ts';
import { type MinAllocatable, minAllocatableOf } from './min-allocatable.ts';
import { RoleTree } from './role-tree.ts';
import { Sorter } from './sorter.ts';

/** The whole state of the allocator. It is changed by the ledger, and by the allocator itself. */
export interface AllocatorState {
  readonly agents: Map<string, AgentRecord>;
  readonly frameworks: Map<string, FrameworkRecord>;
  /** The agents on which a framework holds anything, also of frameworks that are not there (yet, or any more). */
  readonly holdings: Map<string, Set<string>>;
  readonly roles: RoleTree;
  readonly totals: ClusterTotals;
  readonly roleSorter: Sorter;
  /** By role. */
  readonly frameworkSorters: Map<string, Sorter>;
  readonly createFrameworkSorter: () => Sorter;
  /** Another one whenever somebody may be offered what nobody was before, for a reason that is not in the agent itself. */
  epoch: number;
  whitelist: ReadonlySet<string> | undefined;
  readonly minAllocatable: MinAllocatable;
  readonly allocationIntervalMs: number;
  readonly isGpuFiltered: boolean;
  readonly areGuaranteesHeld: boolean;
  /** Of the master. */
  readonly domain: DomainInfo | undefined;
  readonly random: Random | undefined;
}

const DEFAULT_INTERVAL_MS = 1000;

export const createState = (options: AllocatorOptions): AllocatorState => {
  const { random, roleSorter = 'drf', frameworkSorter = 'drf', fairSharingExcludedNames = [] } = options;
  const totals = new ClusterTotals();
  const common = {
    totals,
    excludedNames: new Set(fairSharingExcludedNames),
    ...(random ? { random } : {}),
  };
  return {
    agents: new Map(),
    frameworks: new Map(),
    holdings: new Map(),
    roles: new RoleTree(),
    totals,
    roleSorter: new Sorter({ kind: roleSorter, ...common }),
    frameworkSorters: new Map(),
    createFrameworkSorter: () => new Sorter({ kind: frameworkSorter, ...common }),
    epoch: 0,
    whitelist: undefined,
    minAllocatable: minAllocatableOf(options.minAllocatable),
    allocationIntervalMs: options.allocationIntervalMs ?? DEFAULT_INTERVAL_MS,
    isGpuFiltered: options.filterGpuResources ?? true,
    areGuaranteesHeld: options.areGuaranteesHeld ?? false,
    domain: options.domain,
    random,
  };
};
