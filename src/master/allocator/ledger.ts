import type { AgentRecord } from './agent-record.ts';
import type { AllocatorState } from './allocator-state.ts';
import { addBags, type Bag, EMPTY_BAG, filterBag, scalarsOf, subtractBag } from './bag.ts';
import { type FrameworkRecord, isServed } from './framework-record.ts';
import { isUnderQuota } from './kind.ts';

/**
 * The only place where what agents have and who has it changes, so that agents, roles, totals and sorters always agree. Sorters
 * know frameworks that are there; the resources of others are kept by the agents, and counted against the quotas of their roles.
 */

/** Whose, on which agent, in which role. */
export interface Holding {
  frameworkId: string;
  role: string;
  agent: AgentRecord;
}

export const setTotal = (state: AllocatorState, agent: AgentRecord, total: Bag): void => {
  const before = agent.total;
  reservationsChanged(state, before, -1);
  reservationsChanged(state, total, 1);
  state.totals.totalChanged(before, total);
  agent.total = total;
};

/** Resources that were free are the framework's now, which is one more allocation to it. */
export const allocate = (state: AllocatorState, holding: Holding, bag: Bag): void => {
  const { frameworkId, role, agent } = holding;
  const sorter = sorterOf(state, holding);
  underQuotaChanged(state, role, bag, 1);
  record(state, holding, addBags(agent.allocation(frameworkId, role), bag));
  sorter?.allocated(frameworkId, agent.id, bag);
  if (sorter) state.roleSorter.allocated(role, agent.id, bag);
};

/** The framework has `bag`, which must be part of what it has, no longer. */
export const release = (state: AllocatorState, holding: Holding, bag: Bag): void => {
  const { frameworkId, role, agent } = holding;
  const sorter = sorterOf(state, holding);
  record(state, holding, subtractBag(agent.allocation(frameworkId, role), bag));
  underQuotaChanged(state, role, bag, -1);
  sorter?.unallocated(frameworkId, agent.id, bag);
  if (sorter) state.roleSorter.unallocated(role, agent.id, bag);
  untrackIfIdle(state, frameworkId, role);
};

/** Operations made something else of what the framework has. */
export const replaceAllocation = (state: AllocatorState, holding: Holding, bag: Bag): void => {
  const { frameworkId, role, agent } = holding;
  const before = agent.allocation(frameworkId, role);
  const sorter = sorterOf(state, holding);
  underQuotaChanged(state, role, bag, 1);
  underQuotaChanged(state, role, before, -1);
  record(state, holding, bag);
  sorter?.updated(frameworkId, agent.id, before, bag);
  if (sorter) state.roleSorter.updated(role, agent.id, before, bag);
};

/** Lets the sorters know of the framework in a role, and of what it has in it already. */
export const track = (state: AllocatorState, framework: FrameworkRecord, role: string): void => {
  if (framework.tracked.has(role)) return;
  const agentIds = new Set<string>();
  framework.tracked.set(role, agentIds);
  state.roles.addFramework(role, framework.id);
  const sorter = state.frameworkSorters.get(role) ?? state.createFrameworkSorter();
  state.frameworkSorters.set(role, sorter);
  sorter.add(framework.id);
  state.roleSorter.add(role);
  listAsServed(state, framework, role);
  for (const agentId of state.holdings.get(framework.id) ?? []) {
    const bag = state.agents.get(agentId)?.allocation(framework.id, role) ?? EMPTY_BAG;
    if (bag.size === 0) continue;
    agentIds.add(agentId);
    sorter.allocated(framework.id, agentId, bag);
    state.roleSorter.allocated(role, agentId, bag);
  }
};

/**
 * Lists the framework in the role's sorter when it wants offers in the role; and the role, when any framework does: a run
 * looks at every listed role for every agent.
 */
export const listAsServed = (state: AllocatorState, framework: FrameworkRecord, role: string): void => {
  const sorter = state.frameworkSorters.get(role);
  if (isServed(framework, role)) sorter?.activate(framework.id);
  else sorter?.deactivate(framework.id);
  listRole(state, role);
};

const listRole = ({ frameworkSorters, roleSorter }: AllocatorState, role: string): void => {
  if (frameworkSorters.get(role)?.isActive) roleSorter.activate(role);
  else roleSorter.deactivate(role);
};

/** What the framework has in the role does not count in shares any more. */
export const untrack = (state: AllocatorState, framework: FrameworkRecord, role: string): void => {
  const agentIds = framework.tracked.get(role);
  if (!agentIds) return;
  for (const agentId of agentIds) {
    const bag = state.agents.get(agentId)?.allocation(framework.id, role) ?? EMPTY_BAG;
    state.roleSorter.unallocated(role, agentId, bag);
  }
  framework.tracked.delete(role);
  state.frameworkSorters.get(role)?.remove(framework.id);
  state.roles.removeFramework(role, framework.id);
  if (state.roles.get(role)?.frameworkIds.size) {
    listRole(state, role);
    return;
  }
  state.frameworkSorters.delete(role);
  state.roleSorter.remove(role);
};

/** A role that a framework has left is tracked only for as long as it has resources in it. */
export const untrackIfIdle = (state: AllocatorState, frameworkId: string, role: string): void => {
  const framework = state.frameworks.get(frameworkId);
  if (!framework || framework.demands.roles.has(role)) return;
  if (framework.tracked.get(role)?.size === 0) untrack(state, framework, role);
};

/** The sorter of the role, when the framework is there to be in it. */
const sorterOf = (state: AllocatorState, { frameworkId, role }: Holding) => {
  const framework = state.frameworks.get(frameworkId);
  if (!framework) return undefined;
  track(state, framework, role);
  return state.frameworkSorters.get(role);
};

const record = (state: AllocatorState, { frameworkId, role, agent }: Holding, bag: Bag): void => {
  agent.setAllocation(frameworkId, role, bag);
  const ofRole = state.frameworks.get(frameworkId)?.tracked.get(role);
  if (bag.size > 0) ofRole?.add(agent.id);
  else ofRole?.delete(agent.id);
  const ofAll = state.holdings.get(frameworkId) ?? new Set();
  if (agent.allocations().has(frameworkId)) ofAll.add(agent.id);
  else ofAll.delete(agent.id);
  if (ofAll.size > 0) state.holdings.set(frameworkId, ofAll);
  else state.holdings.delete(frameworkId);
};

const underQuotaChanged = (state: AllocatorState, role: string, bag: Bag, times: 1 | -1): void => {
  const quantities = scalarsOf(bag, isUnderQuota);
  state.roles.allocationChanged(role, quantities, times);
  state.totals.allocationChanged(quantities, times);
};

const reservationsChanged = (state: AllocatorState, bag: Bag, times: 1 | -1): void => {
  const roles = new Set([...bag.values()].map(({ kind }) => kind.role));
  roles.delete('*');
  for (const role of roles) {
    const reserved = filterBag(bag, (kind) => kind.role === role);
    state.roles.reservationsChanged(role, scalarsOf(reserved), times);
  }
};
