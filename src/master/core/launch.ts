import type {
  ExecutorInfo,
  OfferOperationLaunchGroup,
  Resource,
  TaskInfo,
  TaskStatusReason,
} from '../../mesos/generated/mesos.ts';
import { subtractResources } from '../../mesos/resources/arithmetic.ts';
import { unallocated } from '../../mesos/resources/reservation-format.ts';
import { resourcesText } from '../../mesos/resources/resource-text.ts';
import { forbiddenUser } from './authorization.ts';
import { refuseTask } from './drop-operation.ts';
import { groupProblem } from './group-problem.ts';
import { leftText, type Purse } from './purse.ts';
import { touch } from './state.ts';
import { overlapProblem, singleTaskProblem } from './task-problem.ts';
import { addTask, launchedTask } from './tasks.ts';
import type { Turn } from './turn.ts';

/** LAUNCH: every task by itself; one that is wrong is said so, the others go on. */
export const launch = (turn: Turn, purse: Purse, tasks: readonly TaskInfo[]): void => {
  const { framework, agent } = purse;
  for (const task of tasks) {
    const user = forbiddenUser(turn.settings, framework, task);
    if (user !== undefined) {
      refuseTask(turn, framework, task, {
        state: 'TASK_ERROR',
        reason: 'REASON_TASK_UNAUTHORIZED',
        message: `Not authorized to launch as user '${user}'`,
      });
      continue;
    }
    const problem = singleTaskProblem(framework, agent, task) ?? payFor(turn, purse, [task], task.executor);
    if (problem !== undefined) {
      refuseTask(turn, framework, task, {
        state: 'TASK_ERROR',
        reason: 'REASON_TASK_INVALID',
        message: problem,
      });
      continue;
    }
    start(turn, purse, [task], task.executor, false);
  }
};

/** LAUNCH_GROUP: all tasks of the group or none. */
export const launchGroup = (
  turn: Turn,
  purse: Purse,
  { executor, task_group }: OfferOperationLaunchGroup,
): void => {
  const { framework, agent } = purse;
  const given = task_group.tasks ?? [];
  const refuseAll = (reason: TaskStatusReason, message: string): void => {
    for (const task of given) refuseTask(turn, framework, task, { state: 'TASK_ERROR', reason, message });
  };
  for (const task of given) {
    const user = forbiddenUser(turn.settings, framework, { ...task, executor });
    if (user === undefined) continue;
    const message = `Task '${task.task_id.value}' is not authorized to launch as user '${user}'`;
    refuseAll('REASON_TASK_GROUP_UNAUTHORIZED', message);
    return;
  }
  const problem = groupProblem(framework, agent, executor, given) ?? payFor(turn, purse, given, executor);
  if (problem === undefined) {
    start(
      turn,
      purse,
      given.map((task) => ({ ...task, executor })),
      executor,
      true,
    );
    return;
  }
  refuseAll('REASON_TASK_GROUP_INVALID', problem);
};

/** Takes what the tasks need, and their executor when it does not run yet; or says that there is not enough. */
const payFor = (
  turn: Turn,
  purse: Purse,
  tasks: readonly TaskInfo[],
  executor: ExecutorInfo | undefined,
): string | undefined => {
  const { framework, agent, role } = purse;
  const isRunning = executor && agent.executors.get(framework.id)?.has(executor.executor_id.value);
  const executorResources = executor?.resources ?? [];
  for (const { resources = [] } of tasks) {
    const problem = overlapProblem(resources, executorResources);
    if (problem !== undefined) return problem;
  }
  const needed = [
    ...tasks.flatMap(({ resources = [] }) => resources),
    ...(isRunning ? [] : executorResources),
  ];
  const shared = needed.filter((resource) => resource.shared !== undefined);
  const exclusive = needed.filter((resource) => resource.shared === undefined);
  const isOurs = needed.every(({ allocation_info }) => allocation_info?.role === role);
  const left = subtractResources(purse.left, unallocated(exclusive));
  if (!isOurs || !left || !holdsAll(purse.left, shared)) return tooMuch(purse, tasks, needed);
  purse.left = left;
  if (shared.length > 0) {
    // The copy in the offer goes back to the allocator; every task has one of its own.
    turn.allocator.allocateShared({ frameworkId: framework.id, agentId: agent.id, role }, shared);
  }
  return undefined;
};

const holdsAll = (left: readonly Resource[], shared: readonly Resource[]): boolean =>
  unallocated(shared).every((resource) => subtractResources(left, [resource]) !== undefined);

const tooMuch = (purse: Purse, tasks: readonly TaskInfo[], needed: readonly Resource[]): string => {
  const who = tasks.length === 1 ? 'task and its executor' : 'task group and its executor';
  return `Total resources ${resourcesText(needed)} required by ${who} is more than available ${leftText(purse)}`;
};

const start = (
  turn: Turn,
  { framework, agent }: Purse,
  tasks: TaskInfo[],
  executor: ExecutorInfo | undefined,
  isGroup: boolean,
): void => {
  if (executor !== undefined) {
    const executors = agent.executors.get(framework.id) ?? new Map<string, ExecutorInfo>();
    agent.executors.set(framework.id, executors);
    if (!executors.has(executor.executor_id.value)) executors.set(executor.executor_id.value, executor);
    touch(agent);
  }
  for (const task of tasks) addTask(turn, framework, agent, launchedTask(task, framework.id));
  turn.toAgent(agent, {
    type: 'LAUNCH',
    launch: {
      framework_info: framework.info,
      ...(executor === undefined ? {} : { executor_info: executor }),
      tasks,
      is_group: isGroup,
    },
  });
};
