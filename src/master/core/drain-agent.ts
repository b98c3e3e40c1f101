import type { DrainInfo, DurationInfo, MachineID } from '../../mesos/generated/mesos.ts';
import { changeAbsentAgent, takeOutOfUse } from './agent-activation.ts';
import { saveAgent } from './agents.ts';
import { machineOf } from './maintenance.ts';
import { markGone } from './remove-agent.ts';
import { type Agent, isConnected, touch } from './state.ts';
import type { Turn } from './turn.ts';

/**
 * Draining (mesos.md 3.7): DRAINING from the order on, DRAINED or gone once nothing of the agent's tasks and operations is
 * left that anybody has yet to acknowledge. An agent that is away drains when it is back. What the registry knows of it makes
 * the next master go on where this one was.
 */

interface DrainOrder {
  agentId: string;
  maxGracePeriod?: DurationInfo;
  /** It will not come back: it is marked gone when it is drained. */
  isMarkedGone: boolean;
}

/** Ordered again, the new terms count. Returns what is wrong, in Mesos' words. */
export const drainAgent = (
  turn: Turn,
  { agentId, maxGracePeriod, isMarkedGone }: DrainOrder,
): string | undefined => {
  const agent = turn.state.agents.get(agentId);
  const drain: DrainInfo = {
    state: 'DRAINING',
    config: {
      ...(maxGracePeriod === undefined ? {} : { max_grace_period: maxGracePeriod }),
      mark_gone: isMarkedGone,
    },
  };
  if (!agent) {
    const order = { drain, drainStartedMs: turn.nowMs, isDeactivated: true };
    return changeAbsentAgent(turn, agentId, (absent) => ({ ...absent, ...order }))
      ? undefined
      : 'Unknown agent';
  }
  const problem = problemOf(turn, agent);
  if (problem !== undefined) return problem;
  agent.drain = drain;
  agent.drainStartedMs = turn.nowMs;
  touch(agent);
  takeOutOfUse(turn, agent);
  turn.toAgent(agent, { type: 'DRAIN', drain: { config: drain.config } });
  turn.mayBeDrained(agent);
  turn.log('agent drains', { agentId, isMarkedGone });
  return undefined;
};

const problemOf = ({ state }: Turn, agent: Agent): string | undefined => {
  const machine = machineOf(state, agent);
  if (machine) {
    return `Agent ${agent.id} is part of a maintenance schedule under Machine ${machineText(machine.id)}`;
  }
  return agent.capabilities.has('AGENT_DRAINING')
    ? undefined
    : `Agent ${agent.id} is not capable of draining`;
};

const machineText = ({ hostname, ip }: MachineID): string =>
  hostname && ip ? `${hostname} (${ip})` : (hostname ?? ip ?? '');

/** At the end of a turn: of the agents that it took something from, those that have nothing left are drained. */
export const finishDrains = (turn: Turn): void => {
  for (const agentId of turn.drainCandidates) {
    const agent = turn.state.agents.get(agentId);
    if (!agent?.drain || !isEmpty(agent)) continue;
    turn.log('agent is drained', { agentId });
    if (agent.drain.config.mark_gone) {
      markGone(turn, agentId);
      continue;
    }
    agent.drain = { ...agent.drain, state: 'DRAINED' };
    touch(agent);
    saveAgent(turn, agent);
  }
};

/** What is left of one that is away is not known before it is back. */
const isEmpty = (agent: Agent): boolean =>
  isConnected(agent) && agent.taskIds.size === 0 && agent.operations.size === 0;
