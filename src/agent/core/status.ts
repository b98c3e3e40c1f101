import type { TaskStatus, TaskStatusSource } from '../../mesos/generated/mesos.ts';
import {
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

/** A UUID's 16 bytes in base64, as statuses carry it. */
export const uuidBytes = (uuid: string): string =>
  Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('base64');
