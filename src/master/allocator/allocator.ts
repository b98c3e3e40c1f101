import type { Resource, Unavailability } from '../../mesos/generated/mesos.ts';
import type { Conversion } from '../../mesos/resources/conversion.ts';
import * as agents from './agent-changes.ts';
import type { AgentRecord } from './agent-record.ts';
import { candidatesOf, runAllocation } from './allocation-run.ts';
import { type AllocatorState, createState } from './allocator-state.ts';
import type {
  AgentChange,
  AllocatedOffer,
  AllocationOwner,
  AllocatorOptions,
  Amounts,
  EndedInverseOffer,
  FrameworkSettings,
  InverseAllocation,
  NewAgent,
  NewFramework,
  Quota,
  RecoveredResources,
  RoleSummary,
} from './allocator-types.ts';
import { resourcesOf, scalarsOf } from './bag.ts';
import * as frameworks from './framework-changes.ts';
import type { FrameworkRecord } from './framework-record.ts';
import { endInverseOffer, runInverseOffers, setUnavailability } from './inverse-offers.ts';
import type { Holding } from './ledger.ts';
import { type PreemptionFacts, preemptionFacts } from './preemption-facts.ts';
import { amountsOf, increaseAll, type MutableQuantities } from './quantities.ts';
import { roleSummaryOf } from './role-summary.ts';

export type * from './allocator-types.ts';

/**
 * The hierarchical DRF allocator (mesos.md 5): who is offered what. Deterministic: it knows no clock, and randomness only when
 * it is handed in. When a run is due is the master's to decide (5.2). Removing and recovering what is unknown does nothing; all
 * else throws for ids that are not there.
 */
export class Allocator {
  readonly #state: AllocatorState;

  constructor(options: AllocatorOptions = {}) {
    this.#state = createState(options);
  }

  addFramework(frameworkId: string, framework: NewFramework): void {
    frameworks.addFramework(this.#state, frameworkId, framework);
  }

  /** Roles that are left out stay tracked while the framework holds resources of them. Unsuppressed roles lose their filters. */
  updateFramework(frameworkId: string, settings: FrameworkSettings): void {
    frameworks.updateFramework(this.#state, this.#framework(frameworkId), settings);
  }

  /** What it still holds stays allocated on the agents until it is recovered. */
  removeFramework(frameworkId: string): void {
    const framework = this.#state.frameworks.get(frameworkId);
    if (framework) frameworks.removeFramework(this.#state, framework);
  }

  activateFramework(frameworkId: string): void {
    frameworks.setFrameworkActive(this.#state, this.#framework(frameworkId), true);
  }

  /** Its filters are gone; suppressed roles stay suppressed. */
  deactivateFramework(frameworkId: string): void {
    frameworks.setFrameworkActive(this.#state, this.#framework(frameworkId), false);
  }

  /** All its roles, unless told which. Takes effect for offers to come. */
  suppress(frameworkId: string, roles?: readonly string[]): void {
    frameworks.suppress(this.#state, this.#framework(frameworkId), roles);
  }

  /** Ends suppression and clears the filters, of all its roles unless told which. */
  revive(frameworkId: string, roles?: readonly string[]): void {
    frameworks.revive(this.#state, this.#framework(frameworkId), roles);
  }

  addAgent(agentId: string, agent: NewAgent): void {
    agents.addAgent(this.#state, agentId, agent);
  }

  /** A change of attributes or domain drops the filters for this agent. */
  updateAgent(agentId: string, change: AgentChange): void {
    agents.updateAgent(this.#state, this.#agent(agentId), change);
  }

  /** Everything that was allocated there is forgotten. */
  removeAgent(agentId: string): void {
    const agent = this.#state.agents.get(agentId);
    if (agent) agents.removeAgent(this.#state, agent);
  }

  activateAgent(agentId: string): void {
    this.#agent(agentId).isActive = true;
  }

  /** No new offers of it; what is allocated stays so. */
  deactivateAgent(agentId: string): void {
    this.#agent(agentId).isActive = false;
  }

  /** Only agents with these host names are offered; undefined: all. */
  setWhitelist(hostnames: ReadonlySet<string> | undefined): void {
    this.#state.whitelist = hostnames;
  }

  /** undefined, or a quota without any amount, takes it away. */
  setQuota(role: string, quota: Quota | undefined): void {
    this.#state.roles.setQuota(role, quota);
    this.#state.epoch++;
  }

  /** undefined: the default of 1. */
  setWeight(role: string, weight: number | undefined): void {
    this.#state.roles.setWeight(role, weight);
    this.#state.roleSorter.setWeight(role, weight);
  }

  /** One run over these agents, or all. What it returns counts as allocated from here on. */
  allocate(nowMs: number, agentIds?: ReadonlySet<string>): AllocatedOffer[] {
    return runAllocation(this.#state, nowMs, agentIds);
  }

  /** When the agent will not be available; undefined: that is not planned any more. Answers to inverse offers are void then. */
  setUnavailability(agentId: string, unavailability: Unavailability | undefined): void {
    setUnavailability(this.#state, this.#agent(agentId), unavailability);
  }

  /** The last stage of a run over these agents, or all. What it returns counts as asked until it is ended. */
  allocateInversely(nowMs: number, agentIds?: ReadonlySet<string>): InverseAllocation[] {
    return runInverseOffers(this.#state, nowMs, candidatesOf(this.#state, agentIds));
  }

  endInverseOffer(ended: EndedInverseOffer): void {
    endInverseOffer(this.#state, ended);
  }

  /** Takes back offers that were declined or rescinded, and what ended tasks and executors had. */
  recoverResources(recovered: RecoveredResources): void {
    agents.recoverResources(this.#state, recovered);
  }

  /** What an ACCEPT's operations made of offered resources: allocation and agent's total alike. Throws when they are not there. */
  updateAllocation(owner: AllocationOwner, conversions: readonly Conversion[]): void {
    agents.updateAllocation(this.#state, this.#holding(owner), conversions);
  }

  /** Further copies of shared resources, for tasks beyond the one that the offer's copy is for. */
  allocateShared(owner: AllocationOwner, resources: readonly Resource[]): void {
    agents.allocateShared(this.#state, this.#holding(owner), resources);
  }

  /** Operators' operations on what is neither offered nor allocated; false, and nothing done, when it is not available. */
  updateAvailable(agentId: string, conversions: readonly Conversion[]): boolean {
    return agents.updateAvailable(this.#state, this.#agent(agentId), conversions);
  }

  /** What the agent has, operations applied. */
  total(agentId: string): Resource[] {
    return resourcesOf(this.#agent(agentId).total);
  }

  /** Neither offered nor allocated; shared resources always. */
  available(agentId: string): Resource[] {
    return resourcesOf(this.#agent(agentId).available);
  }

  /** Offered or allocated to the framework on the agent in the role. */
  allocation({ frameworkId, agentId, role }: AllocationOwner): Resource[] {
    return resourcesOf(this.#agent(agentId).allocation(frameworkId, role), role);
  }

  /** Who waits for what a guarantee gives, and what is free; undefined when nobody does. */
  preemptionFacts(): PreemptionFacts | undefined {
    return preemptionFacts(this.#state);
  }

  /** Roles with frameworks, quota, weight, reservations or resources, and the roles above them. */
  roles(): RoleSummary[] {
    return this.#state.roles.all().map((node) => roleSummaryOf(this.#state, node));
  }

  role(role: string): RoleSummary | undefined {
    const node = this.#state.roles.get(role);
    return node && roleSummaryOf(this.#state, node);
  }

  /** Filters in force, by role. */
  activeFilters(nowMs: number): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const { filters } of this.#state.frameworks.values()) {
      filters.countInto(counts, nowMs, (agentId) => this.#state.agents.get(agentId));
    }
    return counts;
  }

  /** Sums over all agents, whether active or not. */
  totals(): { total: Amounts; offeredOrAllocated: Amounts } {
    const allocated: MutableQuantities = new Map();
    for (const agent of this.#state.agents.values()) increaseAll(allocated, scalarsOf(agent.allocated), 1);
    return { total: amountsOf(this.#state.totals.all), offeredOrAllocated: amountsOf(allocated) };
  }

  #agent(agentId: string): AgentRecord {
    const agent = this.#state.agents.get(agentId);
    if (!agent) throw new Error(`The allocator has no agent ${agentId}`);
    return agent;
  }

  #framework(frameworkId: string): FrameworkRecord {
    const framework = this.#state.frameworks.get(frameworkId);
    if (!framework) throw new Error(`The allocator has no framework ${frameworkId}`);
    return framework;
  }

  #holding({ frameworkId, agentId, role }: AllocationOwner): Holding {
    return { frameworkId, role, agent: this.#agent(agentId) };
  }
}
