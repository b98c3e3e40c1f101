import type { Task, TaskStatus } from '../../mesos/generated/mesos.ts';
import type { CallReconcile, CallReconcileTask } from '../../mesos/generated/scheduler.ts';
import { masterStatus, sendStatus, stateFor } from './master-status.ts';
import type { Framework } from './state.ts';
import type { Turn } from './turn.ts';

/** What the master knows about tasks, told on request (mesos.md 1.13). */
export const reconcile = (turn: Turn, framework: Framework, { tasks = [] }: CallReconcile): void => {
  turn.count('master/messages_reconcile_tasks');
  if (tasks.length === 0) {
    for (const task of framework.tasks.values()) sendStatus(turn, framework, latestStatus(turn, task));
    return;
  }
  for (const asked of tasks) reconcileTask(turn, framework, asked);
};

/** Answers about one task, or not at all while an agent that may know better is still away. */
export const reconcileTask = (turn: Turn, framework: Framework, asked: CallReconcileTask): void => {
  const status = answerTo(turn, framework, asked);
  if (status) sendStatus(turn, framework, status);
};

const answerTo = (
  turn: Turn,
  framework: Framework,
  { task_id, agent_id }: CallReconcileTask,
): TaskStatus | undefined => {
  const { recoveredAgents, agents, unreachableAgents, goneAgents } = turn.state;
  const task = framework.tasks.get(task_id.value);
  if (task) return latestStatus(turn, task);
  const agentId = agent_id?.value;
  const common = { taskId: task_id.value, agentId, reason: 'REASON_RECONCILIATION' } as const;
  if (agentId === undefined) {
    if (recoveredAgents.size > 0) return undefined;
  } else {
    if (recoveredAgents.has(agentId)) return undefined;
    if (agents.has(agentId)) {
      const state = stateFor(framework, 'TASK_GONE');
      return masterStatus(turn, {
        ...common,
        state,
        message: 'Reconciliation: Task is unknown to the agent',
      });
    }
    const unreachable = unreachableAgents.get(agentId);
    if (unreachable) {
      return masterStatus(turn, {
        ...common,
        state: stateFor(framework, 'TASK_UNREACHABLE'),
        message: 'Reconciliation: Task is unreachable',
        unreachableMs: unreachable.unreachableMs,
      });
    }
    if (goneAgents.has(agentId)) {
      const state = stateFor(framework, 'TASK_GONE_BY_OPERATOR');
      return masterStatus(turn, { ...common, state, message: 'Reconciliation: Task is gone' });
    }
  }
  const state = stateFor(framework, 'TASK_UNKNOWN');
  return masterStatus(turn, { ...common, state, message: 'Reconciliation: Task is unknown' });
};

const latestStatus = (turn: Turn, task: Task): TaskStatus => {
  const last = task.statuses?.at(-1);
  return {
    ...masterStatus(turn, {
      taskId: task.task_id.value,
      agentId: task.agent_id.value,
      state: task.status_update_state ?? task.state,
      message: 'Reconciliation: Latest task state',
      reason: 'REASON_RECONCILIATION',
    }),
    ...(task.executor_id === undefined ? {} : { executor_id: task.executor_id }),
    ...(last?.healthy === undefined ? {} : { healthy: last.healthy }),
    ...(last?.check_status === undefined ? {} : { check_status: last.check_status }),
    ...(last?.container_status === undefined ? {} : { container_status: last.container_status }),
  };
};
