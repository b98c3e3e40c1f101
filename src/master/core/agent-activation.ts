import { saveAgent } from './agents.ts';
import { rescindInverseOffers } from './inverse-offers.ts';
import { offersOf, rescindOffer } from './offers.ts';
import { agentKey, unreachableKey } from './registry.ts';
import { type AdmittedAgent, type Agent, isActive, touch } from './state.ts';
import type { Turn } from './turn.ts';
import { wantAllocation } from './want-allocation.ts';

/**
 * Agents that operators take out of use and back (mesos.md 3.7): nothing more is offered of them, whatever runs there goes
 * on. It holds for agents that are away, too, and outlives both agent and master. What is wrong is returned in Mesos' words.
 */

export const deactivateAgent = (turn: Turn, agentId: string): string | undefined => {
  const agent = turn.state.agents.get(agentId);
  if (agent) takeOutOfUse(turn, agent);
  else if (!changeAbsentAgent(turn, agentId, (absent) => ({ ...absent, isDeactivated: true }))) {
    return 'Unknown agent';
  }
  return undefined;
};

/** A drain that is done is forgotten with it. */
export const reactivateAgent = (turn: Turn, agentId: string): string | undefined => {
  const { agents, recoveredAgents, unreachableAgents } = turn.state;
  const agent = agents.get(agentId);
  const record = agent ?? recoveredAgents.get(agentId) ?? unreachableAgents.get(agentId);
  if (!record?.isDeactivated) return 'Agent is not deactivated';
  if (record.drain?.state === 'DRAINING') return 'Agent is still in the DRAINING state';
  if (agent) putToUse(turn, agent);
  else changeAbsentAgent(turn, agentId, ({ info }) => ({ info, isDeactivated: false }));
  return undefined;
};

export const takeOutOfUse = (turn: Turn, agent: Agent): void => {
  agent.isDeactivated = true;
  touch(agent);
  saveAgent(turn, agent);
  turn.allocator.deactivateAgent(agent.id);
  for (const offer of offersOf(turn, agent.offerIds)) rescindOffer(turn, offer);
  rescindInverseOffers(turn, agent);
};

const putToUse = (turn: Turn, agent: Agent): void => {
  agent.isDeactivated = false;
  agent.drain = undefined;
  agent.drainStartedMs = undefined;
  touch(agent);
  saveAgent(turn, agent);
  if (isActive(agent)) turn.allocator.activateAgent(agent.id);
  wantAllocation(turn, [agent.id]);
};

/** Changes what the registry holds of an agent that did not come back yet, or is unreachable; false: there is none. */
export const changeAbsentAgent = (
  turn: Turn,
  agentId: string,
  change: (absent: AdmittedAgent) => AdmittedAgent,
): boolean => {
  const { recoveredAgents, unreachableAgents } = turn.state;
  const recovered = recoveredAgents.get(agentId);
  const unreachable = unreachableAgents.get(agentId);
  if (recovered) {
    recoveredAgents.set(agentId, change(recovered));
    turn.save(agentKey(agentId), recoveredAgents.get(agentId));
  } else if (unreachable) {
    const { unreachableMs } = unreachable;
    unreachableAgents.set(agentId, { ...change(unreachable), unreachableMs });
    turn.save(unreachableKey(agentId), unreachableAgents.get(agentId));
  }
  return recovered !== undefined || unreachable !== undefined;
};
