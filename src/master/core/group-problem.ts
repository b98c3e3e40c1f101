import { isDeepStrictEqual } from 'node:util';
import type { ExecutorInfo, TaskInfo } from '../../mesos/generated/mesos.ts';
import { scalarOf } from '../../mesos/resources/traits.ts';
import type { Agent, Framework } from './state.ts';
import { executorProblem, taskProblem } from './task-problem.ts';

const MIN_CPUS = 0.01;
const MIN_MEM = 32;

/** What can be wrong about a task group; all of its tasks fail for it (mesos.md 1.10.2). `executor` has its framework's id. */
export const groupProblem = (
  framework: Framework,
  agent: Agent,
  executor: ExecutorInfo,
  tasks: readonly TaskInfo[],
): string | undefined => {
  if (tasks.length === 0) return 'Task group cannot be empty';
  const problem = groupExecutorProblem(framework, agent, executor);
  if (problem !== undefined) return problem;
  const ids = tasks.map(({ task_id }) => task_id.value);
  for (const [index, task] of tasks.entries()) {
    const id = task.task_id.value;
    const ofTask =
      ids.indexOf(id) === index ? memberProblem(framework, agent, executor, task) : duplicate(id);
    if (ofTask !== undefined) return `Task '${id}' is invalid: ${ofTask}`;
  }
  const sharing = new Set(tasks.map(({ container }) => container?.linux_info?.share_cgroups ?? true));
  return sharing.size > 1
    ? 'All tasks under a single executor must have the same value for the `share_cgroups` field'
    : undefined;
};

const duplicate = (id: string): string => `Task has duplicate ID: ${id}`;

const groupExecutorProblem = (
  framework: Framework,
  agent: Agent,
  executor: ExecutorInfo,
): string | undefined => {
  const { type, command, container, resources = [], executor_id } = executor;
  if (type === undefined || type === 'UNKNOWN') return "'ExecutorInfo.type' must be set";
  if (type === 'DEFAULT') {
    if (command !== undefined) return "'ExecutorInfo.command' must not be set for 'DEFAULT' executor";
    if (container !== undefined && container.type !== 'MESOS') {
      return "'ExecutorInfo.container.type' must be 'MESOS' for 'DEFAULT' executor";
    }
    if (container?.mesos?.image !== undefined) {
      return "'ExecutorInfo.container.mesos.image' must not be set for 'DEFAULT' executor";
    }
  } else if (command === undefined) {
    return "'ExecutorInfo.command' must be set for 'CUSTOM' executor";
  }
  if (container?.type === 'DOCKER') return 'Docker ContainerInfo is not supported on the executor';
  const problem = executorProblem(framework, agent, executor);
  if (problem !== undefined) return problem;
  const id = executor_id.value;
  if (agent.executors.get(framework.id)?.has(id)) return undefined;
  if (scalarOf(resources, 'cpus') < MIN_CPUS) {
    return `Executor '${id}' uses less CPUs than the minimum required (${MIN_CPUS})`;
  }
  if (scalarOf(resources, 'mem') < MIN_MEM) {
    return `Executor '${id}' uses less memory than the minimum required (${MIN_MEM}MB)`;
  }
  return scalarOf(resources, 'disk') > 0 ? undefined : `Executor '${id}' uses no disk`;
};

const memberProblem = (
  framework: Framework,
  agent: Agent,
  executor: ExecutorInfo,
  task: TaskInfo,
): string | undefined => {
  const problem = taskProblem(framework, agent, task);
  if (problem !== undefined) return problem;
  const { container, health_check, limits = {} } = task;
  if (container?.type === 'DOCKER') return 'Docker ContainerInfo is not supported on the task';
  if (task.executor !== undefined && !isDeepStrictEqual(task.executor, executor)) {
    return "The 'ExecutorInfo' of task does not match the 'ExecutorInfo' of the task group";
  }
  const isProbed = health_check?.type === 'HTTP' || health_check?.type === 'TCP';
  if (isProbed && (container?.network_infos ?? []).length > 0) {
    return 'HTTP and TCP health checks are not supported for nested containers joining CNI networks';
  }
  return Object.keys(limits).length > 0 && container?.linux_info?.share_cgroups !== false
    ? 'Resource limits may only be set for tasks within a task group which set `share_cgroups` to false'
    : undefined;
};
