import type {
  ExecutorInfo,
  HealthCheck,
  OfferOperation,
  Resource,
  TaskInfo,
} from '../../mesos/generated/mesos.ts';
import { toStackFormat } from '../../mesos/resources/reservation-format.ts';
import { diskSource, isDiskOperation } from './disk-operation-problem.ts';
import type { DropCause } from './drop-operation.ts';
import { isResourceOperation } from './operation-problem.ts';
import { mapResources, resourcesOf } from './operation-resources.ts';
import type { Purse } from './purse.ts';
import { resourcesProblem } from './resource-problem.ts';

type Prepared = { type: 'ready'; operation: OfferOperation } | Extract<DropCause, { type: 'invalid' }>;

/**
 * Brings an operation into the form that the rest works with (mesos.md 1.10, steps 2 to 4): its parts are there, resources
 * are sound, in the stack format and allocated to the offers' role, executors know their framework.
 */
export const prepareOperation = (operation: OfferOperation, purse: Purse): Prepared => {
  if (!hasBody(operation)) return invalid(`Expecting '${bodyOf(operation)}' to be present`, false);
  const problem = resourcesProblem(namedResources(operation));
  if (problem !== undefined) return invalid(problem, true);
  const { id, type } = operation;
  if (id !== undefined && (type === 'LAUNCH' || type === 'LAUNCH_GROUP')) {
    return invalid(`The \`id\` field cannot be set on ${type} operations`, false);
  }
  if (id !== undefined && !purse.agent.capabilities.has('AGENT_OPERATION_FEEDBACK')) {
    const text = `Operation requested feedback, but agent ${purse.agent.id} does not have the required AGENT_OPERATION_FEEDBACK capability`;
    return invalid(text, false);
  }
  return { type: 'ready', operation: completed(operation, purse) };
};

const invalid = (text: string, isResources: boolean): Prepared => ({ type: 'invalid', text, isResources });

/** The field that goes with an operation's type. */
const bodyOf = ({ type }: OfferOperation): string => type?.toLowerCase() ?? 'type';

/** The wire may carry an operation without a type, or a type without what belongs to it. */
const hasBody = (operation: OfferOperation): boolean =>
  Object.entries(operation).some(
    ([field, value]) => field === bodyOf(operation) && typeof value === 'object',
  );

const namedResources = (operation: OfferOperation): Resource[] => {
  if (isResourceOperation(operation)) return resourcesOf(operation);
  if (isDiskOperation(operation)) return [diskSource(operation)];
  if (operation.type === 'LAUNCH') return (operation.launch.task_infos ?? []).flatMap(taskResources);
  if (operation.type !== 'LAUNCH_GROUP') return [];
  const { executor, task_group } = operation.launch_group;
  return [...(executor.resources ?? []), ...(task_group.tasks ?? []).flatMap(taskResources)];
};

const taskResources = ({ resources = [], executor }: TaskInfo): Resource[] => [
  ...resources,
  ...(executor?.resources ?? []),
];

const completed = (operation: OfferOperation, { framework, role }: Purse): OfferOperation => {
  const one = (resource: Resource): Resource => {
    const stacked = toStackFormat(resource);
    return stacked.allocation_info?.role === undefined ? { ...stacked, allocation_info: { role } } : stacked;
  };
  const all = (resources: readonly Resource[] = []): Resource[] => resources.map(one);
  const executorOf = (executor: ExecutorInfo): ExecutorInfo => ({
    ...executor,
    framework_id: executor.framework_id ?? { value: framework.id },
    resources: all(executor.resources),
  });
  const taskOf = (task: TaskInfo): TaskInfo => ({
    ...task,
    resources: all(task.resources),
    ...(task.executor === undefined ? {} : { executor: executorOf(task.executor) }),
    ...(task.health_check === undefined ? {} : { health_check: withType(task.health_check) }),
  });
  if (isResourceOperation(operation)) return mapResources(operation, one);
  if (operation.type === 'LAUNCH') {
    return { ...operation, launch: { task_infos: (operation.launch.task_infos ?? []).map(taskOf) } };
  }
  if (operation.type !== 'LAUNCH_GROUP') return operation;
  const { executor, task_group } = operation.launch_group;
  const tasks = (task_group.tasks ?? []).map(taskOf);
  return { ...operation, launch_group: { executor: executorOf(executor), task_group: { tasks } } };
};

/** A health check without a type is of the only kind that it describes. */
const withType = (check: HealthCheck): HealthCheck => {
  if (check.type !== undefined) return check;
  if (check.command !== undefined && check.http === undefined) return { ...check, type: 'COMMAND' };
  return check.http !== undefined && check.command === undefined ? { ...check, type: 'HTTP' } : check;
};
