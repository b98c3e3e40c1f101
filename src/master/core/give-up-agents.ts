import { agentKey, unreachableKey } from './registry.ts';
import { announceFailure, markUnreachable } from './remove-agent.ts';
import type { Turn } from './turn.ts';
import { wantAllocation } from './want-allocation.ts';

/**
 * Agents that do not answer or do not come back are given up: at once, or one after the other when their number is limited
 * (`--agent_removal_rate_limit`, mesos.md 4.3), so that a fault of the network does not cost the whole cluster its tasks
 * before somebody looks. One that shows a sign of life while it waits is kept.
 */
export const scheduleGivingUp = (turn: Turn, agentId: string, message: string): void => {
  const { agentsToGiveUp: queue } = turn.state;
  if (queue.waiting.has(agentId)) return;
  turn.count('master/slave_unreachable_scheduled');
  queue.waiting.set(agentId, message);
  // While others wait, the timer is set.
  if (queue.waiting.size === 1) giveUpNext(turn);
};

/** A sign of life. */
export const keepAgent = (turn: Turn, agentId: string): void => {
  if (turn.state.agentsToGiveUp.waiting.delete(agentId)) turn.count('master/slave_unreachable_canceled');
};

/** Gives up those whose turn it is; comes again when it is the turn of the next one. */
export const giveUpNext = (turn: Turn): void => {
  const { nowMs, settings } = turn;
  const { agentsToGiveUp: queue } = turn.state;
  const intervalMs = settings.agentRemovalIntervalMs ?? 0;
  for (const [agentId, message] of queue.waiting) {
    const waitMs = (queue.lastMs ?? Number.NEGATIVE_INFINITY) + intervalMs - nowMs;
    if (waitMs > 0) {
      turn.setTimer('agent-removal', waitMs);
      return;
    }
    queue.waiting.delete(agentId);
    queue.lastMs = nowMs;
    giveUp(turn, agentId, message);
  }
};

const giveUp = (turn: Turn, agentId: string, message: string): void => {
  const agent = turn.state.agents.get(agentId);
  if (agent) markUnreachable(turn, agent, message);
  else giveUpRecovered(turn, agentId, message);
};

/** One from before this master's start: nothing is known of its tasks. */
const giveUpRecovered = (turn: Turn, agentId: string, message: string): void => {
  const { state, nowMs } = turn;
  const admitted = state.recoveredAgents.get(agentId);
  if (!admitted) return;
  const unreachable = { ...admitted, unreachableMs: nowMs };
  state.recoveredAgents.delete(agentId);
  state.unreachableAgents.set(agentId, unreachable);
  turn.save(agentKey(agentId), undefined);
  turn.save(unreachableKey(agentId), unreachable);
  turn.count('master/slave_unreachable_completed');
  turn.count('master/recovery_slave_removals');
  announceFailure(turn, agentId);
  wantAllocation(turn);
  turn.log('agent is unreachable', { agentId, reason: message }, 'warn');
};
