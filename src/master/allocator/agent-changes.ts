import type { AgentInfo, Resource } from '../../mesos/generated/mesos.ts';
import type { Conversion } from '../../mesos/resources/conversion.ts';
import { AgentRecord } from './agent-record.ts';
import type { AllocatorState } from './allocator-state.ts';
import type { AgentChange, NewAgent, RecoveredResources } from './allocator-types.ts';
import {
  addBags,
  type Bag,
  bagOf,
  bagsByRole,
  containsBag,
  EMPTY_BAG,
  intersectBags,
  subtractBag,
} from './bag.ts';
import { forgetInverseRefusals, setUnavailability } from './inverse-offers.ts';
import { allocate, type Holding, release, replaceAllocation, setTotal } from './ledger.ts';

/** How agents come, change and go, and how resources change hands outside of runs. */

export const addAgent = (state: AllocatorState, agentId: string, added: NewAgent): void => {
  if (state.agents.has(agentId)) throw new Error(`Agent ${agentId} was added before`);
  const { info, capabilities, isActive = true } = added;
  const agent = new AgentRecord(agentId, info, capabilities, isActive);
  agent.isRemote = isRemote(state, info);
  state.agents.set(agentId, agent);
  setTotal(state, agent, bagOf(added.total));
  for (const [frameworkId, resources] of added.used ?? []) {
    for (const [role, bag] of bagsByRole(resources)) allocate(state, { frameworkId, role, agent }, bag);
  }
  if (added.unavailability) setUnavailability(state, agent, added.unavailability);
};

export const updateAgent = (
  state: AllocatorState,
  agent: AgentRecord,
  { info, total, capabilities }: AgentChange,
): void => {
  if (info) {
    if (placeKey(info) !== placeKey(agent.info)) dropFilters(state, agent.id);
    agent.info = info;
    agent.isRemote = isRemote(state, info);
  }
  if (capabilities) agent.capabilities = capabilities;
  if (total) setTotal(state, agent, bagOf(total));
  agent.barren = undefined;
};

export const removeAgent = (state: AllocatorState, agent: AgentRecord): void => {
  for (const [frameworkId, roles] of [...agent.allocations()]) {
    for (const [role, bag] of [...roles]) release(state, { frameworkId, role, agent }, bag);
  }
  setTotal(state, agent, EMPTY_BAG);
  state.agents.delete(agent.id);
  dropFilters(state, agent.id);
  forgetInverseRefusals(state, agent.id);
};

export const recoverResources = (state: AllocatorState, recovered: RecoveredResources): void => {
  const { frameworkId, agentId, resources, refuseMs = 0, nowMs } = recovered;
  const agent = state.agents.get(agentId);
  if (!agent) return;
  const framework = state.frameworks.get(frameworkId);
  for (const [role, returned] of bagsByRole(resources)) {
    const bag = intersectBags(agent.allocation(frameworkId, role), returned);
    if (bag.size === 0) continue;
    release(state, { frameworkId, role, agent }, bag);
    if (refuseMs <= 0 || !framework?.isActive || !framework.demands.roles.has(role)) continue;
    const expiresMs = nowMs + Math.max(refuseMs, state.allocationIntervalMs);
    framework.filters.add(role, agentId, { refused: bag, expiresMs, setAtRun: agent.runs });
  }
};

export const updateAllocation = (
  state: AllocatorState,
  holding: Holding,
  conversions: readonly Conversion[],
): void => {
  const { frameworkId, role, agent } = holding;
  const allocation = convertBag(agent.allocation(frameworkId, role), conversions);
  const total = convertBag(agent.total, conversions);
  if (!allocation || !total) {
    throw new Error(`Framework ${frameworkId} does not have what is to be converted on agent ${agent.id}`);
  }
  setTotal(state, agent, total);
  replaceAllocation(state, holding, allocation);
};

export const allocateShared = (
  state: AllocatorState,
  holding: Holding,
  resources: readonly Resource[],
): void => {
  const { frameworkId, role, agent } = holding;
  const copies = bagOf(resources);
  const areThere = [...copies.values()].every(({ kind }) => kind.isShared && agent.total.has(kind.key));
  if (!areThere) throw new Error(`Not all of these are shared resources of agent ${agent.id}`);
  replaceAllocation(state, holding, addBags(agent.allocation(frameworkId, role), copies));
};

export const updateAvailable = (
  state: AllocatorState,
  agent: AgentRecord,
  conversions: readonly Conversion[],
): boolean => {
  const total = convertBag(agent.total, conversions);
  const isShared = conversions.some(({ consumed }) => isInUse(agent, bagOf(consumed)));
  if (!total || isShared || !convertBag(agent.available, conversions)) return false;
  setTotal(state, agent, total);
  return true;
};

/** The bag after all conversions, one after the other; undefined when it does not have what one of them consumes. */
const convertBag = (bag: Bag, conversions: readonly Conversion[]): Bag | undefined => {
  let converted = bag;
  for (const conversion of conversions) {
    const consumed = bagOf(conversion.consumed);
    if (!containsBag(converted, consumed)) return undefined;
    converted = addBags(subtractBag(converted, consumed), bagOf(conversion.converted));
  }
  return converted;
};

/** Shared resources are available to more offers while they are used, but not to be made something else. */
const isInUse = ({ allocated }: AgentRecord, bag: Bag): boolean =>
  [...bag.values()].some(({ kind }) => kind.isShared && allocated.has(kind.key));

const dropFilters = (state: AllocatorState, agentId: string): void => {
  for (const { filters } of state.frameworks.values()) filters.removeAgent(agentId);
};

/** Where the agent is and what is said of it: frameworks may have refused it for that. */
const placeKey = ({ attributes, domain }: AgentInfo): string => JSON.stringify([attributes ?? [], domain]);

const isRemote = ({ domain }: AllocatorState, info: AgentInfo): boolean => {
  const region = info.domain?.fault_domain?.region.name;
  const home = domain?.fault_domain?.region.name;
  return region !== undefined && home !== undefined && region !== home;
};
