import type { TaskStatus, TaskStatusSource } from '../../mesos/generated/mesos.ts';
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
  const { state, message, reason } = detail;
  const container = containerOf(turn, task);
  const run = turn.state.runs.get(task.runId);
  return {
    task_id: task.info.task_id,
    state,
    ...(message === undefined ? {} : { message }),
    source,
    ...(reason === undefined ? {} : { reason }),
    ...(turn.state.agentId === undefined ? {} : { agent_id: { value: turn.state.agentId } }),
    ...(run ? { executor_id: { value: run.record.executorId } } : {}),
    timestamp: turn.nowMs / 1000,
    uuid: uuidBytes(turn.uuid()),
    ...(task.healthy === undefined ? {} : { healthy: task.healthy }),
    ...(task.checkStatus === undefined ? {} : { check_status: task.checkStatus }),
    ...(container ? { container_status: containerStatus(turn, container) } : {}),
  };
};

/** What every status of a task in this container says about it. */
export const containerStatus = (
  turn: Turn,
  container: ContainerRecord,
): NonNullable<TaskStatus['container_status']> => ({
  container_id: containerIdOf(container),
  network_infos: [{ ip_addresses: [{ protocol: 'IPv4', ip_address: turn.settings.ip }] }],
  ...(container.process ? { executor_pid: container.process.pid } : {}),
});

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

/** A UUID's 16 bytes in base64, as statuses carry it. */
export const uuidBytes = (uuid: string): string =>
  Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('base64');
