import { removeExecutor } from './executor-calls.ts';
import { withdrawOffers } from './frameworks.ts';
import { masterStatus } from './master-status.ts';
import { type RemovedFramework, removedFrameworkKey } from './registry.ts';
import type { Framework } from './state.ts';
import { completeTask, updateTask } from './tasks.ts';
import type { Turn } from './turn.ts';

/**
 * Removes a framework for good: agents end what they run of it, its tasks and itself are history, and its id is refused
 * from now on, also by later masters.
 */
export const removeFramework = (turn: Turn, framework: Framework): void => {
  const { state } = turn;
  const { id, streamId } = framework;
  const framework_id = { value: id };
  turn.allocator.deactivateFramework(id);
  withdrawOffers(turn, framework);
  for (const task of [...framework.tasks.values()]) {
    const status = masterStatus(turn, {
      taskId: task.task_id.value,
      agentId: task.agent_id.value,
      state: 'TASK_KILLED',
      message: `Framework ${id} removed`,
      reason: 'REASON_FRAMEWORK_REMOVED',
    });
    completeTask(turn, framework, updateTask(turn, framework, task, { status }));
  }
  for (const agent of state.agents.values()) {
    turn.toAgent(agent, { type: 'SHUTDOWN_FRAMEWORK', shutdown_framework: { framework_id } });
    for (const executorId of [...(agent.executors.get(id)?.keys() ?? [])]) {
      removeExecutor(turn, agent, id, executorId);
    }
    agent.pendingKills.delete(id);
    for (const [uuid, operation] of agent.operations) {
      if (operation.framework_id?.value === id) agent.operations.delete(uuid);
    }
    turn.mayBeDrained(agent);
    agent.inverseAnswers.delete(id);
  }
  turn.allocator.removeFramework(id);
  turn.cancelTimer(`failover:${id}`);
  state.frameworks.delete(id);
  remember(turn, framework);
  if (streamId !== undefined) turn.do({ type: 'close-scheduler', streamId });
  turn.observe({ type: 'framework-removed', info: framework.info });
  turn.log('framework removed', { frameworkId: id });
};

const remember = (turn: Turn, framework: Framework): void => {
  const { completedFrameworks } = turn.state;
  const { maxCompletedFrameworks } = turn.settings;
  const { id, info, roles, registeredMs, reregisteredMs, completedTasks, unreachableTasks } = framework;
  const removed: RemovedFramework = { info, registeredMs, unregisteredMs: turn.nowMs };
  completedFrameworks.set(id, { ...removed, id, roles, reregisteredMs, completedTasks, unreachableTasks });
  turn.save(removedFrameworkKey(id), removed);
  if (completedFrameworks.size <= maxCompletedFrameworks) return;
  const [oldest] = completedFrameworks.keys();
  if (oldest === undefined) return;
  completedFrameworks.delete(oldest);
  turn.state.frameworkCounters.delete(oldest);
  turn.save(removedFrameworkKey(oldest), undefined);
};
