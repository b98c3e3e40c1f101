import type { TaskState, TaskStatus } from '../../mesos/generated/mesos.ts';
import { isTerminal } from '../../mesos/task-state.ts';
import { unindex } from './agent-index.ts';
import { admitted } from './agents.ts';
import { countEnd } from './count-end.ts';
import { removeExecutor } from './executor-calls.ts';
import { rescindInverseOffers } from './inverse-offers.ts';
import { masterStatus, sendStatus, stateFor } from './master-status.ts';
import { offersOf, rescindOffer } from './offers.ts';
import { announceFate } from './operation-status.ts';
import { agentKey, goneKey, unreachableKey } from './registry.ts';
import type { Agent, Framework, UnreachableAgent } from './state.ts';
import { completeTask, removeTask, updateTask } from './tasks.ts';
import type { Turn } from './turn.ts';

/** The ways in which an agent ceases to be one of the cluster's (mesos.md 4.4). */

/** It took leave, or another one took its place: its tasks are lost, its id is forgotten. */
export const removeAgent = (turn: Turn, agent: Agent, cause: string): void => {
  turn.count('master/slave_removals');
  for (const { framework, task } of liveTasks(turn, agent)) {
    const status = masterStatus(turn, {
      taskId: task.task_id.value,
      agentId: agent.id,
      state: 'TASK_LOST',
      message: `Agent ${agent.info.hostname} removed: ${cause}`,
      reason: 'REASON_AGENT_REMOVED',
    });
    completeTask(turn, framework, updateTask(turn, framework, task, { status }));
    sendStatus(turn, framework, status);
  }
  detach(turn, agent);
  turn.save(agentKey(agent.id), undefined);
  turn.observe({ type: 'agent-removed', agentId: agent.id });
  turn.log('agent removed', { agentId: agent.id, cause });
};

/** It does not answer: its tasks may still run, and come back with it. */
export const markUnreachable = (turn: Turn, agent: Agent, message: string): void => {
  turn.count('master/slave_unreachable_completed');
  turn.count('master/slave_removals');
  turn.count('master/slave_removals/reason_unhealthy');
  const unreachable: UnreachableAgent = { ...admitted(agent), unreachableMs: turn.nowMs };
  turn.state.unreachableAgents.set(agent.id, unreachable);
  for (const { framework, task } of liveTasks(turn, agent)) {
    const status = masterStatus(turn, {
      taskId: task.task_id.value,
      agentId: agent.id,
      state: stateFor(framework, 'TASK_UNREACHABLE'),
      message,
      reason: 'REASON_AGENT_REMOVED',
      unreachableMs: turn.nowMs,
    });
    keepUnreachable(turn, framework, task, status);
    sendStatus(turn, framework, status);
  }
  announceFate(turn, agent, 'OPERATION_UNREACHABLE', message);
  detach(turn, agent);
  turn.save(agentKey(agent.id), undefined);
  turn.save(unreachableKey(agent.id), unreachable);
  turn.log('agent is unreachable', { agentId: agent.id, reason: message }, 'warn');
};

/** An operator says that it will never come back: its id is refused from now on. */
export const markGone = (turn: Turn, agentId: string): void => {
  const { state } = turn;
  const message = 'Agent has been marked gone';
  const agent = state.agents.get(agentId);
  state.goneAgents.set(agentId, { goneMs: turn.nowMs });
  state.recoveredAgents.delete(agentId);
  state.unreachableAgents.delete(agentId);
  // It would keep others waiting for a turn that it does not need any more.
  state.agentsToGiveUp.waiting.delete(agentId);
  turn.save(agentKey(agentId), undefined);
  turn.save(unreachableKey(agentId), undefined);
  turn.save(goneKey(agentId), state.goneAgents.get(agentId));
  for (const framework of state.frameworks.values()) {
    for (const task of [...framework.unreachableTasks.values()]) {
      if (task.agent_id.value !== agentId) continue;
      framework.unreachableTasks.delete(task.task_id.value);
      const status = goneStatus(turn, framework, task.task_id.value, agentId);
      completeTask(turn, framework, { ...task, state: status.state });
      turn.observe({ type: 'task-updated', frameworkId: framework.id, status, state: status.state });
      sendStatus(turn, framework, status);
    }
  }
  if (!agent) return;
  turn.count('master/slave_removals');
  turn.toAgent(agent, { type: 'SHUTDOWN', shutdown: { message } });
  for (const { framework, task } of liveTasks(turn, agent)) {
    const status = goneStatus(turn, framework, task.task_id.value, agentId);
    completeTask(turn, framework, updateTask(turn, framework, task, { status }));
    sendStatus(turn, framework, status);
  }
  announceFate(turn, agent, 'OPERATION_GONE_BY_OPERATOR', message);
  detach(turn, agent);
  turn.log('agent was marked gone', { agentId });
};

const goneStatus = (turn: Turn, framework: Framework, taskId: string, agentId: string): TaskStatus => {
  const isAware = framework.capabilities.has('PARTITION_AWARE');
  return masterStatus(turn, {
    taskId,
    agentId,
    state: stateFor(framework, 'TASK_GONE_BY_OPERATOR'),
    message: 'Agent has been marked gone',
    reason: isAware ? 'REASON_AGENT_REMOVED_BY_OPERATOR' : 'REASON_AGENT_REMOVED',
  });
};

/** Tasks on the agent that are not over; those that are become history, as nobody will acknowledge them any more. */
const liveTasks = (turn: Turn, agent: Agent) => {
  const live = [];
  for (const [frameworkId, ids] of [...agent.taskIds]) {
    const framework = turn.state.frameworks.get(frameworkId);
    if (!framework) continue;
    for (const id of [...ids]) {
      const task = framework.tasks.get(id);
      if (!task) continue;
      if (isTerminal(task.state)) completeTask(turn, framework, task);
      else live.push({ framework, task });
    }
  }
  return live;
};

type LiveTask = ReturnType<typeof liveTasks>[number]['task'];

/** The oldest of too many are forgotten. */
const keepUnreachable = (turn: Turn, framework: Framework, task: LiveTask, status: TaskStatus): void => {
  const state: TaskState = status.state;
  removeTask(turn, framework, task);
  const kept = { ...task, state, statuses: [...(task.statuses ?? []), status] };
  framework.unreachableTasks.set(task.task_id.value, kept);
  turn.observe({ type: 'task-updated', frameworkId: framework.id, status, state });
  countEnd(turn, framework, state, status);
  const [oldest] = framework.unreachableTasks.keys();
  if (
    framework.unreachableTasks.size > turn.settings.maxUnreachableTasksPerFramework &&
    oldest !== undefined
  ) {
    framework.unreachableTasks.delete(oldest);
  }
};

/** What all of them have in common, once its tasks are dealt with. */
const detach = (turn: Turn, agent: Agent): void => {
  const { state } = turn;
  for (const [frameworkId, executors] of [...agent.executors]) {
    for (const executorId of [...executors.keys()]) removeExecutor(turn, agent, frameworkId, executorId);
  }
  for (const offer of offersOf(turn, agent.offerIds)) rescindOffer(turn, offer);
  rescindInverseOffers(turn, agent);
  turn.allocator.removeAgent(agent.id);
  state.agents.delete(agent.id);
  unindex(state, agent);
  state.agentsToGiveUp.waiting.delete(agent.id);
  turn.cancelTimer(`ping:${agent.id}`);
  turn.cancelTimer(`reregister:${agent.id}`);
  if (agent.streamId !== undefined) turn.do({ type: 'close-agent', streamId: agent.streamId });
  announceFailure(turn, agent.id);
};

/** Every framework hears that an agent is lost. */
export const announceFailure = (turn: Turn, agentId: string): void => {
  for (const framework of turn.state.frameworks.values()) {
    turn.toFramework(framework, { type: 'FAILURE', failure: { agent_id: { value: agentId } } });
  }
};
