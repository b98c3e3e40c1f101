import { isTerminal } from '../../mesos/task-state.ts';
import { removeExecutor } from './executor-calls.ts';
import { rescindInverseOffers } from './inverse-offers.ts';
import { masterStatus, sendStatus } from './master-status.ts';
import { offersOf, rescindOffer } from './offers.ts';
import { agentKey, unreachableKey } from './registry.ts';
import { announceFailure, markUnreachable } from './remove-agent.ts';
import { type Agent, isConnected } from './state.ts';
import { completeTask, updateTask } from './tasks.ts';
import type { Turn } from './turn.ts';
import { wantAllocation } from './want-allocation.ts';

/**
 * Whether agents are alive (mesos.md 4.3): they are asked at an interval and given up after so many questions without an
 * answer. One whose connection breaks is out of use at once, and is given up the same way when it does not come back.
 */

export const startPinging = (turn: Turn, agent: Agent): void => {
  agent.missedPings = 0;
  ping(turn, agent);
};

/** A question to one that is away goes nowhere, and counts as not answered. */
const ping = (turn: Turn, agent: Agent): void => {
  turn.toAgent(agent, { type: 'PING', ping: { connected: true } });
  agent.missedPings++;
  turn.setTimer(`ping:${agent.id}`, turn.settings.agentPingTimeoutMs);
};

export const pong = (agent: Agent): void => {
  agent.missedPings = 0;
};

/** Time for the next question, or to give up. */
export const pingTimedOut = (turn: Turn, agentId: string): void => {
  const agent = turn.state.agents.get(agentId);
  if (!agent) return;
  if (agent.missedPings < turn.settings.maxAgentPingTimeouts) ping(turn, agent);
  else markUnreachable(turn, agent, 'health check timed out');
};

/** An agent's stream is closed: it gets no more offers, and loses the tasks of frameworks that do not checkpoint. */
export const agentClosed = (turn: Turn, streamId: string): void => {
  const agent = [...turn.state.agents.values()].find((other) => other.streamId === streamId);
  // The stream of an agent that subscribed anew or was removed is nobody's any more.
  if (!agent) return;
  agent.streamId = undefined;
  turn.allocator.deactivateAgent(agent.id);
  for (const offer of offersOf(turn, agent.offerIds)) rescindOffer(turn, offer);
  rescindInverseOffers(turn, agent);
  loseVolatileTasks(turn, agent);
  turn.setTimer(`reregister:${agent.id}`, turn.settings.agentReregisterTimeoutMs);
  turn.log('agent disconnected', { agentId: agent.id });
};

const loseVolatileTasks = (turn: Turn, agent: Agent): void => {
  for (const [frameworkId, ids] of [...agent.taskIds]) {
    const framework = turn.state.frameworks.get(frameworkId);
    if (!framework || framework.info.checkpoint) continue;
    for (const id of [...ids]) {
      const task = framework.tasks.get(id);
      if (!task) continue;
      const status = masterStatus(turn, {
        taskId: id,
        agentId: agent.id,
        state: 'TASK_LOST',
        message: `Agent ${agent.info.hostname} disconnected`,
        reason: 'REASON_AGENT_DISCONNECTED',
      });
      const isOver = isTerminal(task.state);
      completeTask(turn, framework, isOver ? task : updateTask(turn, framework, task, { status }));
      if (!isOver) sendStatus(turn, framework, status);
    }
    for (const executorId of [...(agent.executors.get(frameworkId)?.keys() ?? [])]) {
      removeExecutor(turn, agent, frameworkId, executorId);
    }
  }
};

export const reregistrationTimedOut = (turn: Turn, agentId: string): void => {
  const agent = turn.state.agents.get(agentId);
  if (!agent || isConnected(agent)) return;
  const minutes = turn.settings.agentReregisterTimeoutMs / 60_000;
  markUnreachable(turn, agent, `agent did not reregister within ${minutes}mins after disconnecting`);
};

/** Agents from before this master's start that did not come back are given up; nothing is known of their tasks. */
export const recoveryTimedOut = (turn: Turn): void => {
  const { state, nowMs } = turn;
  for (const [agentId, admitted] of state.recoveredAgents) {
    const unreachable = { ...admitted, unreachableMs: nowMs };
    state.unreachableAgents.set(agentId, unreachable);
    turn.save(agentKey(agentId), undefined);
    turn.save(unreachableKey(agentId), unreachable);
    turn.count('master/recovery_slave_removals');
    announceFailure(turn, agentId);
    turn.log('agent did not reregister after the start of the master', { agentId }, 'warn');
  }
  state.recoveredAgents.clear();
  wantAllocation(turn);
};
