import { isDeepStrictEqual } from 'node:util';
import type { ExecutorInfo, Resource, TaskInfo } from '../../mesos/generated/mesos.ts';
import { resourcesText } from '../../mesos/resources/resource-text.ts';
import { isPersistentVolume, scalarOf } from '../../mesos/resources/traits.ts';
import { checkProblem, commandProblem, containerProblem, healthCheckProblem } from './container-problem.ts';
import { idProblem } from './id-problem.ts';
import type { Agent, Framework } from './state.ts';

/** What can be wrong about a task that is to be launched on an agent, in Mesos' words and order (mesos.md 1.10.1). */
export const taskProblem = (framework: Framework, agent: Agent, task: TaskInfo): string | undefined =>
  taskIdProblem(framework, task) ??
  (task.agent_id.value === agent.id
    ? undefined
    : `Task uses invalid agent ${task.agent_id.value} while agent ${agent.id} is expected`) ??
  durationsProblem(task) ??
  prefixed('Task uses invalid check: ', task.check && checkProblem(task.check)) ??
  prefixed('Task uses invalid health check: ', task.health_check && healthCheckProblem(task.health_check)) ??
  taskResourcesProblem(task.resources ?? []) ??
  prefixed("Task's `CommandInfo` is invalid: ", task.command && commandProblem(task.command)) ??
  prefixed("Task's `ContainerInfo` is invalid: ", task.container && containerProblem(task.container)) ??
  limitsProblem(task, agent);

/** The same for what only tasks outside of groups have to observe. */
export const singleTaskProblem = (framework: Framework, agent: Agent, task: TaskInfo): string | undefined => {
  const problem = taskProblem(framework, agent, task);
  if (problem !== undefined) return problem;
  if ((task.command === undefined) === (task.executor === undefined)) {
    return 'Task should have at least one (but not both) of CommandInfo or ExecutorInfo present';
  }
  if (task.executor !== undefined) {
    const executorProblem = customExecutorProblem(framework, agent, task.executor);
    if (executorProblem !== undefined) return executorProblem;
  }
  return task.container?.linux_info?.share_cgroups === false
    ? "Only tasks in a task group may have 'share_cgroups' set to 'false'"
    : undefined;
};

const prefixed = (prefix: string, problem: string | undefined): string | undefined =>
  problem === undefined ? undefined : prefix + problem;

const taskIdProblem = ({ tasks, unreachableTasks }: Framework, { task_id }: TaskInfo): string | undefined => {
  const id = task_id.value;
  const problem = idProblem(id);
  if (problem !== undefined) return `Task ID '${id}' is invalid: ${problem}`;
  if (tasks.has(id)) return `Task has duplicate ID: ${id}`;
  return unreachableTasks.has(id) ? `Task reuses the ID of an unreachable task: ${id}` : undefined;
};

const durationsProblem = ({ kill_policy, max_completion_time }: TaskInfo): string | undefined => {
  if ((kill_policy?.grace_period?.nanoseconds ?? 0) < 0) {
    return "Task's 'kill_policy.grace_period' must be non-negative";
  }
  return (max_completion_time?.nanoseconds ?? 0) < 0
    ? "Task's `max_completion_time` must be non-negative"
    : undefined;
};

const taskResourcesProblem = (resources: readonly Resource[]): string | undefined => {
  if (resources.length === 0) return 'Task uses no resources';
  const ids = resources.filter(isPersistentVolume).map(volumeKey);
  const duplicate = ids.find((id, index) => ids.indexOf(id) !== index);
  if (duplicate !== undefined) {
    return `Task uses duplicate persistence ID: Persistence ID '${duplicate.split(' ')[1]}' is not unique`;
  }
  return allocationProblem('task', resources) ?? mixedProblem('Task', resources);
};

/** A persistence id is unique per role. */
const volumeKey = ({ disk, reservations }: Resource): string =>
  `${reservations?.at(-1)?.role ?? '*'} ${disk?.persistence?.id}`;

const allocationProblem = (what: 'task' | 'executor', resources: readonly Resource[]): string | undefined => {
  const roles = new Set(resources.map(({ allocation_info }) => allocation_info?.role));
  if (roles.has(undefined)) return `Invalid ${what} resources: The resources are not allocated to a role`;
  return roles.size > 1
    ? `Invalid ${what} resources: The resources have multiple allocation roles ('${[...roles].join("', '")}')`
    : undefined;
};

const mixedProblem = (what: 'Task' | 'Executor', resources: readonly Resource[]): string | undefined => {
  const revocable = new Set(resources.filter((resource) => resource.revocable).map(({ name }) => name));
  const mixed = resources.find(({ name, revocable: own }) => own === undefined && revocable.has(name));
  return (
    mixed &&
    `${what} mixes revocable and non-revocable resources: Cannot use both revocable and non-revocable '${mixed.name}' at the same time`
  );
};

const limitsProblem = ({ limits = {}, resources = [] }: TaskInfo, agent: Agent): string | undefined => {
  const names = Object.keys(limits);
  if (names.length === 0) return undefined;
  if (!agent.capabilities.has('TASK_RESOURCE_LIMITS')) {
    return `Agent ${agent.id} does not support task resource limits`;
  }
  if (names.some((name) => name !== 'cpus' && name !== 'mem')) {
    return "Only cpus and mem may be included in a task's resource limits";
  }
  return (
    limitProblem('cpu', 'CPU', 'cpus', limits, resources) ??
    limitProblem('memory', 'memory', 'mem', limits, resources)
  );
};

const limitProblem = (
  word: string,
  title: string,
  name: string,
  limits: NonNullable<TaskInfo['limits']>,
  resources: readonly Resource[],
): string | undefined => {
  const limit = limits[name]?.value;
  if (limit === undefined) return undefined;
  if (!resources.some((resource) => resource.name === name)) {
    return `When a ${title} limit is specified, a ${title} request must also be specified`;
  }
  return limit < scalarOf(resources, name)
    ? `The ${word} limit must be greater than or equal to the ${word} request`
    : undefined;
};

const customExecutorProblem = (
  framework: Framework,
  agent: Agent,
  executor: ExecutorInfo,
): string | undefined => {
  const problem = executorProblem(framework, agent, executor);
  if (problem !== undefined) return problem;
  if (executor.type !== undefined && executor.type !== 'CUSTOM') {
    return "'ExecutorInfo.type' must be 'CUSTOM'";
  }
  return executor.command === undefined
    ? "'ExecutorInfo.command' must be set for 'CUSTOM' executor"
    : undefined;
};

/** What an executor of any type has to observe. */
export const executorProblem = (
  framework: Framework,
  agent: Agent,
  executor: ExecutorInfo,
): string | undefined => {
  const id = executor.executor_id.value;
  const badId = idProblem(id);
  if (badId !== undefined) return `Executor ID '${id}' is invalid: ${badId}`;
  if (executor.framework_id?.value !== framework.id) {
    return `ExecutorInfo has an invalid FrameworkID (Actual: ${executor.framework_id?.value} vs Expected: ${framework.id})`;
  }
  const resources = executor.resources ?? [];
  const problem =
    prefixed("Executor's `CommandInfo` is invalid: ", executor.command && commandProblem(executor.command)) ??
    prefixed(
      "Executor's `ContainerInfo` is invalid: ",
      executor.container && containerProblem(executor.container),
    ) ??
    allocationProblem('executor', resources) ??
    mixedProblem('Executor', resources);
  if (problem !== undefined) return problem;
  if (resources.some(({ shared }) => shared !== undefined)) return 'Executor resources must not be shared';
  if (executor.container?.linux_info?.share_cgroups === true) {
    return "The 'share_cgroups' field cannot be set to 'true' on 'ExecutorInfo'";
  }
  const running = agent.executors.get(framework.id)?.get(id);
  return running === undefined || isDeepStrictEqual(running, executor)
    ? undefined
    : 'ExecutorInfo is not compatible with existing ExecutorInfo with same ExecutorID';
};

/** Ranges and sets that task and executor both want. */
export const overlapProblem = (
  taskResources: readonly Resource[],
  executorResources: readonly Resource[],
): string | undefined => {
  const overlaps = taskResources.some((one) =>
    executorResources.some((other) => one.name === other.name && doOverlap(one, other)),
  );
  return overlaps
    ? `There are overlapping resources in the task resources ${resourcesText(taskResources)} and executor resources ${resourcesText(executorResources)}`
    : undefined;
};

const doOverlap = (one: Resource, other: Resource): boolean => {
  const items = new Set(one.set?.item);
  return (
    (other.set?.item ?? []).some((item) => items.has(item)) ||
    (one.ranges?.range ?? []).some(({ begin, end }) =>
      (other.ranges?.range ?? []).some((range) => range.begin <= end && range.end >= begin),
    )
  );
};
