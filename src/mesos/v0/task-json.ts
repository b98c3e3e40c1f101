import { withDefaults } from '../codec/with-defaults.ts';
import type { ContainerStatus, Resource, Task, TaskStatus } from '../generated/mesos.ts';
import { summarize } from '../resources/summary.ts';

/** A task as the v0 reads of masters and agents show it (mesos.md 3.9.1). */
export const taskJson = (task: Task): object => {
  const role = allocationRole(task.resources ?? []);
  return {
    id: task.task_id.value,
    name: task.name,
    framework_id: task.framework_id.value,
    executor_id: task.executor_id?.value ?? '',
    slave_id: task.agent_id.value,
    state: task.state,
    resources: summarize(task.resources ?? []),
    ...(role === undefined ? {} : { role }),
    statuses: (task.statuses ?? []).map(statusJson),
    ...(task.user === undefined ? {} : { user: task.user }),
    ...(task.labels ? { labels: task.labels.labels ?? [] } : {}),
    ...(task.discovery ? { discovery: task.discovery } : {}),
    ...(task.container ? { container: task.container } : {}),
    ...(task.health_check ? { health_check: withDefaults('mesos.v1.HealthCheck', task.health_check) } : {}),
    ...(task.limits ? { limits: task.limits } : {}),
  };
};

/** The role that resources are allocated to. */
export const allocationRole = (resources: readonly Resource[]): string | undefined =>
  resources.find(({ allocation_info }) => allocation_info?.role !== undefined)?.allocation_info?.role;

const statusJson = (status: TaskStatus): object => ({
  state: status.state,
  timestamp: status.timestamp ?? 0,
  ...(status.labels ? { labels: status.labels.labels ?? [] } : {}),
  ...(status.container_status ? { container_status: shownContainerStatus(status.container_status) } : {}),
  ...(status.healthy === undefined ? {} : { healthy: status.healthy }),
});

/** Nobody outside of the agent is told a process id. */
export const shownContainerStatus = (status: ContainerStatus): object => {
  if (status.executor_pid === undefined) return status;
  const { executor_pid: _pid, ...shown } = status;
  return shown;
};
