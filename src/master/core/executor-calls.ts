import type { AgentCall } from '../../mesos/agent-protocol.ts';
import type { CallKill, CallMessage, CallShutdown } from '../../mesos/generated/scheduler.ts';
import { reconcileTask } from './reconcile.ts';
import { type Agent, type Framework, isConnected, touch } from './state.ts';
import { recoverResources } from './tasks.ts';
import type { Turn } from './turn.ts';

/** What schedulers want of tasks and executors, and what executors say (mesos.md 1.12). */

/** A kill for an agent that is away waits for it. */
export const kill = (
  turn: Turn,
  framework: Framework,
  { task_id, agent_id, kill_policy }: CallKill,
): void => {
  turn.count('master/messages_kill_task');
  const task = framework.tasks.get(task_id.value);
  const agent = turn.state.agents.get(task?.agent_id.value ?? '');
  if (!task || !agent) {
    reconcileTask(turn, framework, { task_id, ...(agent_id === undefined ? {} : { agent_id }) });
    return;
  }
  if (agent_id !== undefined && agent_id.value !== agent.id) {
    turn.log(
      'ignored a kill that names another agent than the task is on',
      { frameworkId: framework.id, taskId: task_id.value, agentId: agent_id.value },
      'warn',
    );
    return;
  }
  if (!isConnected(agent)) {
    const kills = agent.pendingKills.get(framework.id) ?? new Map();
    agent.pendingKills.set(framework.id, kills.set(task_id.value, kill_policy));
    return;
  }
  const framework_id = { value: framework.id };
  turn.toAgent(agent, {
    type: 'KILL',
    kill: { framework_id, task_id, ...(kill_policy === undefined ? {} : { kill_policy }) },
  });
};

export const shutDownExecutor = (
  turn: Turn,
  framework: Framework,
  { executor_id, agent_id }: CallShutdown,
): void => {
  const agent = turn.state.agents.get(agent_id.value);
  const shutdown_executor = { framework_id: { value: framework.id }, executor_id };
  if (agent) turn.toAgent(agent, { type: 'SHUTDOWN_EXECUTOR', shutdown_executor });
};

/** Best effort: dropped when the agent is away. */
export const messageExecutor = (
  turn: Turn,
  framework: Framework,
  { agent_id, executor_id, data }: CallMessage,
): void => {
  turn.count('master/messages_framework_to_executor');
  const agent = turn.state.agents.get(agent_id.value);
  if (!agent || !isConnected(agent)) {
    turn.count('master/invalid_framework_to_executor_messages');
    return;
  }
  turn.count('master/valid_framework_to_executor_messages');
  const message = { framework_id: { value: framework.id }, executor_id, data };
  turn.toAgent(agent, { type: 'MESSAGE', message });
};

type ExecutorMessage = Extract<AgentCall, { type: 'EXECUTOR_MESSAGE' }>['executor_message'];

export const messageFramework = (turn: Turn, agent: Agent, message: ExecutorMessage): void => {
  turn.count('master/messages_executor_to_framework');
  const framework = turn.state.frameworks.get(message.framework_id.value);
  if (framework?.streamId === undefined) {
    turn.count('master/invalid_executor_to_framework_messages');
    return;
  }
  turn.count('master/valid_executor_to_framework_messages');
  const { executor_id, data } = message;
  turn.toFramework(framework, {
    type: 'MESSAGE',
    message: { agent_id: { value: agent.id }, executor_id, data },
  });
};

type ExecutorExited = Extract<AgentCall, { type: 'EXECUTOR_EXITED' }>['executor_exited'];

/** An executor has ended: its resources are free; what became of its tasks comes as updates of their own. */
export const executorExited = (turn: Turn, agent: Agent, exited: ExecutorExited): void => {
  turn.count('master/messages_exited_executor');
  const frameworkId = exited.framework_id.value;
  removeExecutor(turn, agent, frameworkId, exited.executor_id.value);
  const framework = turn.state.frameworks.get(frameworkId);
  if (!framework) return;
  const { executor_id, status } = exited;
  turn.toFramework(framework, {
    type: 'FAILURE',
    failure: { agent_id: { value: agent.id }, executor_id, status },
  });
};

/** Forgets an executor and gives back what it had. */
export const removeExecutor = (turn: Turn, agent: Agent, frameworkId: string, executorId: string): void => {
  const executors = agent.executors.get(frameworkId);
  const info = executors?.get(executorId);
  if (!executors || !info) return;
  executors.delete(executorId);
  touch(agent);
  if (executors.size === 0) agent.executors.delete(frameworkId);
  recoverResources(turn, frameworkId, agent.id, info.resources ?? []);
};
