import type { Task, TaskStatus } from '../../mesos/generated/mesos.ts';
import { isSameJson } from '../../runtime/is-same-json.ts';
import type { Agent, Framework } from './state.ts';

/**
 * Tasks are what a master has most of, and most parts of a task are like those of others: the ids of its agent and framework,
 * what it needs, labels, networks. Nothing on record is ever changed in place, so that what is alike can be there once. It
 * makes a task a third as large, which is as much less for the garbage collector to look through.
 */

/** Of how many names, of all frameworks, a task is remembered; then all are forgotten, and met again. */
const MOST_NAMES = 8192;

interface Examples {
  /** The last task of each name: instances of an app differ in little. */
  readonly byName: Map<string, Task>;
  /** The last one of any name: names of jobs are often used once. */
  last: Task | undefined;
}

let examples = new WeakMap<Framework, Examples>();
let nameCount = 0;

/** The same task, with whatever the one before has too being the same objects. */
export const compactTask = (task: Task, framework: Framework, agent: Agent): Task => {
  const compact: Task = {
    ...task,
    agent_id: agent.info.id ?? task.agent_id,
    framework_id: framework.info.id ?? task.framework_id,
  };
  const known = examplesOf(framework);
  const example = known.byName.get(task.name) ?? known.last;
  if (task.statuses !== undefined) compact.statuses = compactStatuses(task.statuses, compact);
  if (example !== undefined) takeAlike(compact, example);
  remember(known, compact);
  return compact;
};

const remember = (known: Examples, task: Task): void => {
  const before = known.byName.size;
  known.byName.set(task.name, task);
  known.last = task;
  nameCount += known.byName.size - before;
  if (nameCount < MOST_NAMES) return;
  examples = new WeakMap();
  nameCount = 0;
};

const examplesOf = (framework: Framework): Examples => {
  const known = examples.get(framework) ?? { byName: new Map(), last: undefined };
  examples.set(framework, known);
  return known;
};

const takeAlike = (task: Task, example: Task): void => {
  if (task.resources !== undefined) task.resources = alikeList(task.resources, example.resources);
  if (task.labels !== undefined) task.labels = alike(task.labels, example.labels);
  if (task.discovery !== undefined) task.discovery = alike(task.discovery, example.discovery);
  if (task.container !== undefined) task.container = alike(task.container, example.container);
  if (task.health_check !== undefined) task.health_check = alike(task.health_check, example.health_check);
  if (task.kill_policy !== undefined) task.kill_policy = alike(task.kill_policy, example.kill_policy);
  if (task.limits !== undefined) task.limits = alike(task.limits, example.limits);
};

/** What is known already, when it is the same. */
const alike = <Part extends object>(told: Part, known: Part | undefined): Part =>
  known !== undefined && isSameJson(told, known) ? known : told;

/** The whole list, or the items in the same places. */
const alikeList = <Part extends object>(told: Part[], known: Part[] | undefined): Part[] => {
  if (known === undefined) return told;
  const items = told.map((part, index) => alike(part, known[index]));
  const isWhole = items.length === known.length && items.every((part, index) => part === known[index]);
  return isWhole ? known : items;
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
  const compact: TaskStatus = { ...status, task_id };
  if (status.agent_id !== undefined) compact.agent_id = agent_id;
  const { container_status } = status;
  if (container_status !== undefined)
    compact.container_status = alike(container_status, before?.container_status);
  return compact;
};
