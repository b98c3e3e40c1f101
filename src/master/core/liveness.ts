import { formatDuration } from '../../mesos/duration-text.ts';
import { isTerminal } from '../../mesos/task-state.ts';
import { agentOfStream, index, unindex } from './agent-index.ts';
import { removeExecutor } from './executor-calls.ts';
import { keepAgent, scheduleGivingUp } from './give-up-agents.ts';
import { rescindInverseOffers } from './inverse-offers.ts';
import { masterStatus, sendStatus } from './master-status.ts';
import { offersOf, rescindOffer } from './offers.ts';
import { type Agent, isConnected, touch } from './state.ts';
import { completeTask, updateTask } from './tasks.ts';
import type { Turn } from './turn.ts';

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

export const pong = (turn: Turn, agent: Agent): void => {
  agent.missedPings = 0;
  keepAgent(turn, agent.id);
};

/** Time for the next question, or to give up. */
export const pingTimedOut = (turn: Turn, agentId: string): void => {
  const agent = turn.state.agents.get(agentId);
  if (!agent) return;
  if (agent.missedPings >= turn.settings.maxAgentPingTimeouts) {
    scheduleGivingUp(turn, agentId, 'health check timed out');
  }
  // One that waits to be given up may answer yet.
  if (turn.state.agents.has(agentId)) ping(turn, agent);
};

/** An agent's stream is closed: it gets no more offers, and loses the tasks of frameworks that do not checkpoint. */
export const agentClosed = (turn: Turn, streamId: string): void => {
  const agent = agentOfStream(turn.state, streamId);
  // The stream of an agent that subscribed anew or was removed is nobody's any more.
  if (!agent) return;
  unindex(turn.state, agent);
  agent.streamId = undefined;
  touch(agent);
  index(turn.state, agent);
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
  const after = formatDuration(turn.settings.agentReregisterTimeoutMs);
  scheduleGivingUp(turn, agentId, `agent did not reregister within ${after} after disconnecting`);
};

/**
 * Agents from before this master's start that did not come back are given up. When they are too many
 * (`--recovery_agent_removal_limit`) it is more likely that this master is cut off than that they are all dead: it ends.
 */
export const recoveryTimedOut = (turn: Turn): void => {
  const { state, settings, queue } = turn;
  const missing = [...state.recoveredAgents.keys()];
  const after = formatDuration(settings.agentReregisterTimeoutMs);
  const part = missing.length / queue.expectedAgents;
  if (part > settings.recoveryAgentRemovalLimit) {
    const limit = `${settings.recoveryAgentRemovalLimit * 100}%`;
    turn.do({
      type: 'end',
      message: `Post-recovery agent removal limit exceeded! After ${after} there were ${missing.length} (${Math.round(part * 100)}%) agents recovered from the registry that did not reregister, and the limit is ${limit}. Investigate, or raise --recovery_agent_removal_limit to proceed`,
    });
    return;
  }
  for (const agentId of missing) {
    scheduleGivingUp(turn, agentId, `agent did not reregister within ${after} after master failover`);
  }
};
