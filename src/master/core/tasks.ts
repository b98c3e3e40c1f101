import type { Resource, Task, TaskInfo, TaskState, TaskStatus } from '../../mesos/generated/mesos.ts';
import { isTerminal } from '../../mesos/task-state.ts';
import { withoutSecrets } from '../../mesos/without-secrets.ts';
import { compactStatus, compactTask } from './compact-task.ts';
import { countEnd } from './count-end.ts';
import { MAX_STATUSES_PER_TASK } from './settings.ts';
import { type Agent, type Framework, touch } from './state.ts';
import type { Turn } from './turn.ts';
import { wantAllocation } from './want-allocation.ts';

/** The master's records of tasks: added when launched or learnt from an agent, changed by statuses, then history. */

/** A task as it is when it was launched. */
export const launchedTask = (info: TaskInfo, frameworkId: string): Task => ({
  name: info.name,
  task_id: info.task_id,
  framework_id: { value: frameworkId },
  ...(info.executor === undefined ? {} : { executor_id: info.executor.executor_id }),
  agent_id: info.agent_id,
  state: 'TASK_STAGING',
  resources: info.resources ?? [],
  ...(info.labels === undefined ? {} : { labels: info.labels }),
  ...(info.discovery === undefined ? {} : { discovery: info.discovery }),
  ...(info.container === undefined ? {} : { container: withoutSecrets(info.container) }),
  ...(info.health_check === undefined ? {} : { health_check: info.health_check }),
  ...(info.kill_policy === undefined ? {} : { kill_policy: info.kill_policy }),
  ...(info.command?.user === undefined ? {} : { user: info.command.user }),
  ...(info.limits === undefined ? {} : { limits: info.limits }),
});

/** Adds a task to its framework and its agent. Its resources are counted by whoever knows where they come from. */
export const addTask = (turn: Turn, framework: Framework, agent: Agent, task: Task): void => {
  const id = task.task_id.value;
  framework.tasks.set(id, compactTask(task, framework, agent));
  framework.unreachableTasks.delete(id);
  const ids = agent.taskIds.get(framework.id) ?? new Set();
  agent.taskIds.set(framework.id, ids.add(id));
  touch(agent);
  turn.observe({ type: 'task-added', task });
};

/**
 * Takes a status over into a task's record. `latest` is the newest state that the agent knows, which may be further than
 * the status. Returns the record; a task that is over has given its resources back.
 */
export const updateTask = (
  turn: Turn,
  framework: Framework,
  task: Task,
  { status, latest = status.state }: { status: TaskStatus; latest?: TaskState },
): Task => {
  const state = isTerminal(task.state) ? task.state : latest;
  const updated: Task = { ...task, state, statuses: withStatus(task, status) };
  framework.tasks.set(task.task_id.value, updated);
  if (isNews(task, status)) {
    turn.observe({ type: 'task-updated', frameworkId: framework.id, status, state });
  }
  if (isTerminal(state) && !isTerminal(task.state)) {
    touch(turn.state.agents.get(task.agent_id.value));
    countEnd(turn, framework, state, status.state === state ? status : {});
    recoverResources(turn, framework.id, task.agent_id.value, task.resources ?? []);
  }
  return updated;
};

/** One status per state in a row, the latest one; what they carried for the scheduler alone is left out. */
const withStatus = (task: Task, status: TaskStatus): TaskStatus[] => {
  const { statuses = [], task_id, agent_id } = task;
  const { data: _data, ...told } = status;
  const kept = compactStatus(told, { task_id, agent_id }, statuses.at(-1));
  const before = statuses.at(-1)?.state === status.state ? statuses.slice(0, -1) : statuses;
  return [...before, kept].slice(-MAX_STATUSES_PER_TASK);
};

const isNews = ({ statuses = [] }: Task, { state, reason }: TaskStatus): boolean =>
  statuses.at(-1)?.state !== state ||
  reason === 'REASON_TASK_CHECK_STATUS_UPDATED' ||
  reason === 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED';

/** Gives back what a task or an executor had, to be offered soon. */
export const recoverResources = (
  turn: Turn,
  frameworkId: string,
  agentId: string,
  resources: readonly Resource[],
): void => {
  turn.allocator.recoverResources({ frameworkId, agentId, resources, nowMs: turn.nowMs });
  wantAllocation(turn, [agentId]);
};

/** Takes a task out of the records of what runs. Its resources must have been given back. */
export const removeTask = (turn: Turn, framework: Framework, task: Task): void => {
  const id = task.task_id.value;
  framework.tasks.delete(id);
  const agent = turn.state.agents.get(task.agent_id.value);
  const ids = agent?.taskIds.get(framework.id);
  ids?.delete(id);
  if (ids?.size === 0) agent?.taskIds.delete(framework.id);
  agent?.pendingKills.get(framework.id)?.delete(id);
  touch(agent);
  if (agent) turn.mayBeDrained(agent);
};

/** Moves a task that is over to the framework's history. */
export const completeTask = (turn: Turn, framework: Framework, task: Task): void => {
  removeTask(turn, framework, task);
  framework.completedTasks.push(task);
  if (framework.completedTasks.length > turn.settings.maxCompletedTasksPerFramework)
    framework.completedTasks.shift();
};
