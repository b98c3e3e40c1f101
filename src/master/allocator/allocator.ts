import type { Resource } from '../../mesos/generated/mesos.ts';
import type { Conversion } from '../../mesos/resources/conversion.ts';
import type {
  AgentChange,
  AllocatedOffer,
  AllocationOwner,
  AllocatorOptions,
  Amounts,
  FrameworkSettings,
  NewAgent,
  NewFramework,
  Quota,
  RecoveredResources,
  RoleSummary,
} from './allocator-types.ts';

export type * from './allocator-types.ts';

/**
 * The hierarchical DRF allocator (mesos.md 5): who is offered what. Deterministic: it knows no clock, and randomness only when
 * it is handed in. When a run is due is the master's to decide (5.2). Ids that are unknown are ignored where something is taken
 * back, and throw where something new is said of them.
 */
export declare class Allocator {
  constructor(options?: AllocatorOptions);

  addFramework(frameworkId: string, framework: NewFramework): void;
  /** Roles that are left out stay tracked while the framework holds resources of them. Unsuppressed roles lose their filters. */
  updateFramework(frameworkId: string, settings: FrameworkSettings): void;
  /** What it still holds stays allocated on the agents until it is recovered. */
  removeFramework(frameworkId: string): void;
  activateFramework(frameworkId: string): void;
  /** Its filters are gone; suppressed roles stay suppressed. */
  deactivateFramework(frameworkId: string): void;
  /** All its roles, unless told which. */
  suppress(frameworkId: string, roles?: readonly string[]): void;
  /** Ends suppression and clears the filters of these roles. */
  revive(frameworkId: string, roles?: readonly string[]): void;

  addAgent(agentId: string, agent: NewAgent): void;
  /** A change of attributes or domain drops the filters for this agent. */
  updateAgent(agentId: string, change: AgentChange): void;
  /** Everything that was allocated there is forgotten. */
  removeAgent(agentId: string): void;
  activateAgent(agentId: string): void;
  /** No new offers of it; what is allocated stays so. */
  deactivateAgent(agentId: string): void;
  /** Only agents with these host names are offered; undefined: all. */
  setWhitelist(hostnames: ReadonlySet<string> | undefined): void;

  setQuota(role: string, quota: Quota | undefined): void;
  /** undefined: the default of 1. */
  setWeight(role: string, weight: number | undefined): void;

  /** One run over these agents, or all. What it returns counts as allocated from here on. */
  allocate(nowMs: number, agentIds?: ReadonlySet<string>): AllocatedOffer[];
  /** Offers that were declined or rescinded, and what ended tasks and executors had. */
  recoverResources(recovered: RecoveredResources): void;
  /** What an ACCEPT's operations made of offered resources: allocation and agent's total alike. Throws when they are not there. */
  updateAllocation(owner: AllocationOwner, conversions: readonly Conversion[]): void;
  /** Further copies of shared resources, for tasks beyond the one that the offer's copy is for. */
  allocateShared(owner: AllocationOwner, resources: readonly Resource[]): void;
  /** Operators' operations on what is neither offered nor allocated; false, and nothing done, when it is not available. */
  updateAvailable(agentId: string, conversions: readonly Conversion[]): boolean;

  /** Neither offered nor allocated; shared resources always. */
  available(agentId: string): Resource[];
  /** Roles with frameworks, quota, weight or reservations, and their ancestors, by name. */
  roles(): RoleSummary[];
  role(role: string): RoleSummary | undefined;
  /** Filters in force, by role. */
  activeFilters(nowMs: number): ReadonlyMap<string, number>;
  totals(): { total: Amounts; offeredOrAllocated: Amounts };
}
