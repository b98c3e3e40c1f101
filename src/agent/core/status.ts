import type { TaskState, TaskStatus, TaskStatusSource } from '../../mesos/generated/mesos.ts';
import { isTerminal } from '../../mesos/task-state.ts';
import { emptyCheckStatus } from './check-status.ts';
import {
  type AgentState,
  type ContainerRecord,
  containerIdOf,
  hasCapability,
  type StatusDetail,
  type TaskRecord,
} from './state.ts';
import type { Turn } from './turn.ts';

/** The status that a change of a task is told with. */
export const buildStatus = (
  turn: Turn,
  task: TaskRecord,
  detail: StatusDetail,
  source: TaskStatusSource = 'SOURCE_EXECUTOR',
): TaskStatus => {
  const { state, message, reason, limitation } = detail;
  const container = containerOf(turn, task);
  const run = turn.state.runs.get(task.runId);
  return {
    task_id: task.info.task_id,
    state,
    ...(message === undefined ? {} : { message }),
    source,
    ...(reason === undefined ? {} : { reason }),
    ...(limitation === undefined ? {} : { limitation }),
    ...(turn.state.agentId === undefined ? {} : { agent_id: { value: turn.state.agentId } }),
    ...(run ? { executor_id: { value: run.record.executorId } } : {}),
    timestamp: turn.nowMs / 1000,
    uuid: uuidBytes(turn.uuid()),
    ...checksOf(task, detail, container),
    ...(container && hasRun(detail) ? { container_status: containerStatus(turn, container, state) } : {}),
  };
};

/** Of a container that could not be launched there is nothing to say. */
const hasRun = ({ reason }: StatusDetail): boolean => reason !== 'REASON_CONTAINER_LAUNCH_FAILED';

/** Results of checks are told with news of them; other statuses say that there are checks, and which task was unhealthy. */
const checksOf = (
  { info, healthy, checkStatus }: TaskRecord,
  { state, reason }: StatusDetail,
  container: ContainerRecord | undefined,
): Pick<TaskStatus, 'healthy' | 'check_status'> => {
  const check = info.check === undefined ? {} : { check_status: emptyCheckStatus(info.check) };
  if (isTerminal(state) && container?.ending?.cause === 'unhealthy') return { healthy: false, ...check };
  if (reason !== undefined && CHECK_NEWS.has(reason)) {
    return {
      ...(healthy === undefined ? {} : { healthy }),
      ...(checkStatus === undefined ? {} : { check_status: checkStatus }),
    };
  }
  return check;
};

const CHECK_NEWS: ReadonlySet<string> = new Set([
  'REASON_TASK_CHECK_STATUS_UPDATED',
  'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED',
]);

/** What a status of a task in this container says about it: of a nested one its id alone, before and after it runs. */
export const containerStatus = (
  turn: Turn,
  container: ContainerRecord,
  state: TaskState,
): NonNullable<TaskStatus['container_status']> => {
  const container_id = containerIdOf(container);
  if (container.parentId !== undefined && (state === 'TASK_STARTING' || isTerminal(state))) {
    return { container_id };
  }
  return {
    container_id,
    network_infos: container.networks ?? [
      { ip_addresses: [{ protocol: 'IPv4', ip_address: turn.settings.ip }] },
    ],
    ...(container.process ? { executor_pid: container.process.pid } : {}),
  };
};

/** The container that a task runs in: its own, or that of its executor. */
export const containerOf = (turn: Turn, task: TaskRecord): ContainerRecord | undefined =>
  turn.state.containers.get(task.containerId ?? task.runId);

/** Frameworks that are not partition-aware know one word for all ways in which a task can get lost. */
export const lostState = (
  turn: Turn,
  frameworkId: string,
  state: 'TASK_DROPPED' | 'TASK_GONE' | 'TASK_GONE_BY_OPERATOR',
): StatusDetail['state'] => {
  const framework = turn.state.frameworks.get(frameworkId);
  return !framework || hasCapability(framework.info, 'PARTITION_AWARE') ? state : 'TASK_LOST';
};

/**
 * A status as it is told while the agent drains: whoever wanted the kill, that is its reason. When the agent will not come
 * back, frameworks that know the state hear that the task is gone for good.
 */
export const statusWhileDraining = (
  { drain, frameworks }: AgentState,
  frameworkId: string,
  status: TaskStatus,
): TaskStatus => {
  const isKilled = status.state === 'TASK_KILLED';
  if (!drain || !(isKilled || status.state === 'TASK_KILLING')) return status;
  const isGone =
    drain.config.mark_gone && hasCapability(frameworks.get(frameworkId)?.info, 'PARTITION_AWARE');
  return {
    ...status,
    reason: 'REASON_AGENT_DRAINING',
    ...(isKilled && isGone ? { state: 'TASK_GONE_BY_OPERATOR' } : {}),
  };
};

/** The end of a task that was killed for somebody's guarantee says so, whatever its executor says. */
export const statusWhenPreempted = ({ preemption }: TaskRecord, status: TaskStatus): TaskStatus =>
  preemption !== undefined && (status.state === 'TASK_KILLED' || status.state === 'TASK_KILLING')
    ? { ...status, reason: 'REASON_CONTAINER_PREEMPTED', message: preemption }
    : status;

/** A UUID's 16 bytes in base64, as statuses carry it. */
export const uuidBytes = (uuid: string): string =>
  Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('base64');
