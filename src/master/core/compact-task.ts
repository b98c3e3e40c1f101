import type { ContainerStatus, Resource, Task, TaskStatus } from '../../mesos/generated/mesos.ts';
import type { Agent, Framework } from './state.ts';

/**
 * Tasks are what a master has most of, and most parts of a task are like those of others: the ids of its agent and framework,
 * what it needs, labels, networks. Nothing on record is ever changed in place, so that what is alike can be there once. It
 * makes a task a third as large, which is as much less for the garbage collector to look through.
 */

/** Parts that were met lately, by what is in them. When one generation is full the one before is forgotten. */
const GENERATION_SIZE = 4096;
/** Longer ones are hardly ever alike. */
const LONGEST_TEXT = 1024;

let young = new Map<string, object>();
let old = new Map<string, object>();

const shared = <Part extends object>(part: Part, text = JSON.stringify(part)): Part => {
  if (text.length > LONGEST_TEXT) return part;
  // What is alike in JSON is of the same type here: a part of the same field.
  const known = (young.get(text) ?? old.get(text)) as Part | undefined;
  if (young.size >= GENERATION_SIZE) {
    old = young;
    young = new Map();
  }
  young.set(text, known ?? part);
  return known ?? part;
};

/** The same task, with whatever others have too being the same objects. */
export const compactTask = (task: Task, framework: Framework, agent: Agent): Task => {
  const { labels, discovery, container, health_check, kill_policy, limits, statuses, resources } = task;
  const agent_id = agent.info.id ?? task.agent_id;
  const ids = { agent_id, task_id: task.task_id };
  return {
    ...task,
    agent_id,
    framework_id: framework.info.id ?? task.framework_id,
    ...(resources === undefined ? {} : { resources: resources.map(compactResource) }),
    ...(statuses === undefined ? {} : { statuses: compactStatuses(statuses, ids) }),
    ...(labels === undefined ? {} : { labels: shared(labels) }),
    ...(discovery === undefined ? {} : { discovery: shared(discovery) }),
    ...(container === undefined ? {} : { container: shared(container) }),
    ...(health_check === undefined ? {} : { health_check: shared(health_check) }),
    ...(kill_policy === undefined ? {} : { kill_policy: shared(kill_policy) }),
    ...(limits === undefined ? {} : { limits: shared(limits) }),
  };
};

/** Nearly all resources can be told apart without looking far. */
const compactResource = (resource: Resource): Resource => {
  const { name, type, scalar, ranges, allocation_info, ...rest } = resource;
  const [range, ...further] = ranges?.range ?? [];
  const isSimple = type === 'SCALAR' || (range !== undefined && further.length === 0);
  if (!isSimple || Object.keys(rest).length > 0) return shared(resource);
  const value = scalar?.value ?? `${range?.begin}-${range?.end}`;
  return shared(resource, `${type}\n${name}\n${value}\n${allocation_info?.role}`);
};

/** Of one task, whose container is described in each of them and is nobody else's. */
const compactStatuses = (
  statuses: readonly TaskStatus[],
  ids: Pick<Task, 'task_id' | 'agent_id'>,
): TaskStatus[] => {
  let last: TaskStatus | undefined;
  return statuses.map((status) => {
    last = compactStatus(status, ids, last);
    return last;
  });
};

/** The same status, with the ids of its task, and with the description of its container that the one before has. */
export const compactStatus = (
  status: TaskStatus,
  { task_id, agent_id }: Pick<Task, 'task_id' | 'agent_id'>,
  before: TaskStatus | undefined,
): TaskStatus => {
  const { container_status } = status;
  return {
    ...status,
    task_id,
    ...(status.agent_id === undefined ? {} : { agent_id }),
    ...(container_status === undefined
      ? {}
      : { container_status: likeThat(container_status, before?.container_status) }),
  };
};

const likeThat = (told: ContainerStatus, known: ContainerStatus | undefined): ContainerStatus =>
  known !== undefined && JSON.stringify(known) === JSON.stringify(told) ? known : told;
