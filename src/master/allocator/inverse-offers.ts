import type { Unavailability } from '../../mesos/generated/mesos.ts';
import type { AgentRecord } from './agent-record.ts';
import type { AllocatorState } from './allocator-state.ts';
import type { EndedInverseOffer, InverseAllocation } from './allocator-types.ts';

/**
 * Inverse offers (mesos.md 3.6, 5.4): frameworks that have anything of an agent whose maintenance is scheduled are asked
 * whether they can do without it. They are asked anew in every run, but only once at a time, and not by an agent for which
 * they gave an answer that is to hold for a while.
 */
export const runInverseOffers = (
  state: AllocatorState,
  nowMs: number,
  agents: Iterable<AgentRecord>,
): InverseAllocation[] => {
  const allocated: InverseAllocation[] = [];
  for (const agent of agents) {
    if (!agent.maintenance) continue;
    const { unavailability, asked } = agent.maintenance;
    for (const frameworkId of agent.allocations().keys()) {
      if (asked.has(frameworkId) || !isWilling(state, frameworkId, agent.id, nowMs)) continue;
      asked.add(frameworkId);
      allocated.push({ frameworkId, agentId: agent.id, unavailability });
    }
  }
  return allocated;
};

const isWilling = (state: AllocatorState, frameworkId: string, agentId: string, nowMs: number): boolean => {
  const framework = state.frameworks.get(frameworkId);
  if (!framework?.isActive) return false;
  const untilMs = framework.inverseRefusals.get(agentId);
  if (untilMs === undefined) return true;
  if (nowMs < untilMs) return false;
  framework.inverseRefusals.delete(agentId);
  return true;
};

/** Whoever gave an answer has to think again: what it was about is different now. */
export const setUnavailability = (
  state: AllocatorState,
  agent: AgentRecord,
  unavailability: Unavailability | undefined,
): void => {
  agent.maintenance = unavailability && { unavailability, asked: new Set() };
  forgetInverseRefusals(state, agent.id);
};

/** An inverse offer was answered or taken back. */
export const endInverseOffer = (
  state: AllocatorState,
  { frameworkId, agentId, refuseMs = 0, nowMs }: EndedInverseOffer,
): void => {
  state.agents.get(agentId)?.maintenance?.asked.delete(frameworkId);
  const framework = state.frameworks.get(frameworkId);
  if (refuseMs > 0) framework?.inverseRefusals.set(agentId, nowMs + refuseMs);
};

export const forgetInverseRefusals = (state: AllocatorState, agentId: string): void => {
  for (const { inverseRefusals } of state.frameworks.values()) inverseRefusals.delete(agentId);
};
