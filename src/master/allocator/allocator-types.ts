import type {
  AgentInfo,
  AgentInfoCapability,
  DomainInfo,
  FrameworkInfoCapability,
  OfferFilters,
  Resource,
  Unavailability,
} from '../../mesos/generated/mesos.ts';
import type { OfferConstraints } from '../../mesos/generated/scheduler.ts';
import type { Random } from '../../runtime/random.ts';

/** What the allocator is told and what it answers (mesos.md 5). Amounts in records are whole units: cpus, MB. */

/** Amounts by the name of a scalar resource, such as `{ cpus: 0.01, mem: 32 }`. */
export type Amounts = Readonly<Record<string, number>>;

export type FrameworkCapability = FrameworkInfoCapability['type'];
export type AgentCapability = AgentInfoCapability['type'];

/** Who goes first: who has the least in proportion (`drf`), or who is drawn by weight (`random`). */
export type SorterKind = 'drf' | 'random';

export interface AllocatorOptions {
  /** Resources below all of these alternatives are not offered; `cpus:0.01|mem:32` unless told (5.5). */
  minAllocatable?: readonly Amounts[];
  /** A filter lasts at least this long; 1,000 unless told (1.14). */
  allocationIntervalMs?: number;
  /** Names that do not count in shares (`--fair_sharing_excluded_resource_names`). */
  fairSharingExcludedNames?: readonly string[];
  /** Agents with GPUs are for frameworks with GPU_RESOURCES; true unless told. */
  filterGpuResources?: boolean;
  /** Where the master is: agents of other regions are for frameworks with REGION_AWARE. */
  domain?: DomainInfo;
  roleSorter?: SorterKind;
  frameworkSorter?: SorterKind;
  /**
   * Guarantees are for the roles below theirs, too, and what is kept free for them has to be where they can have it; false
   * unless told: Mesos' own rules.
   */
  areGuaranteesHeld?: boolean;
  /** Shuffles agents and resources. Without it they are taken in the order in which they came. */
  random?: Random;
}

export interface FrameworkSettings {
  roles: readonly string[];
  suppressedRoles?: readonly string[];
  capabilities: ReadonlySet<FrameworkCapability>;
  offerConstraints?: OfferConstraints;
  /** By role (`FrameworkInfo.offer_filters`). */
  offerFilters?: Readonly<Record<string, OfferFilters>>;
}

export interface NewFramework extends FrameworkSettings {
  /** What it holds already is known from the agents (`NewAgent.used`). */
  isActive: boolean;
}

export interface NewAgent {
  info: AgentInfo;
  /** Dynamic reservations and volumes included, reservations in the new format, without `allocation_info`. */
  total: readonly Resource[];
  capabilities: ReadonlySet<AgentCapability>;
  /** By framework, with `allocation_info`; also of frameworks that are not there yet. */
  used?: ReadonlyMap<string, readonly Resource[]>;
  /** When its machine's maintenance is scheduled. */
  unavailability?: Unavailability;
  isActive?: boolean;
}

/** What changed about an agent; what is left out stays. */
export type AgentChange = Partial<Pick<NewAgent, 'info' | 'total' | 'capabilities'>>;

/** Omitted guarantees are 0, omitted limits are none. */
export interface Quota {
  guarantees: Amounts;
  limits: Amounts;
}

/** One offer to be made: all that one framework gets of one agent in one role in one run (1.15). */
export interface AllocatedOffer {
  frameworkId: string;
  role: string;
  agentId: string;
  /** With `allocation_info`. */
  resources: Resource[];
}

/** One inverse offer to be made: the framework is asked to do without what it has of the agent. */
export interface InverseAllocation {
  frameworkId: string;
  agentId: string;
  unavailability: Unavailability;
}

export interface EndedInverseOffer {
  frameworkId: string;
  agentId: string;
  /** Not asked again about this agent for this long, when it has answered. */
  refuseMs?: number;
  nowMs: number;
}

export interface RecoveredResources {
  frameworkId: string;
  agentId: string;
  /** With `allocation_info`. */
  resources: readonly Resource[];
  /** Not offered again to the framework in this role for this long; no filter when left out or 0. See `refuseMs`. */
  refuseMs?: number;
  nowMs: number;
}

/** Whose resources on which agent. */
export interface AllocationOwner {
  frameworkId: string;
  agentId: string;
  role: string;
}

/** What the allocator knows of a role. */
export interface RoleSummary {
  role: string;
  weight: number;
  quota: Quota | undefined;
  /** Ids of the frameworks that are subscribed to the role or still hold resources of it. */
  frameworkIds: readonly string[];
  /** The dominant share of the subtree, divided by its weight. */
  share: number;
  /** Reservations of the subtree, allocated or not. */
  reserved: Amounts;
  /** Offered or allocated to the subtree: what is neither reserved nor revocable. */
  offeredOrAllocatedUnreserved: Amounts;
  /** Offered or allocated to the subtree, everything. */
  offeredOrAllocated: Amounts;
}
