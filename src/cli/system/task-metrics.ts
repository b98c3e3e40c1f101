import type { MesosClient } from '../../clients/mesos-client.ts';
import type { SystemClient, SystemMetric } from '../../clients/system-client.ts';
import { CliError } from '../errors/cli-error.ts';
import { containerOf, findRunningTask } from '../tasks/task-container.ts';

/** What is measured of a task's container, and what its app tells itself. Throws CliError when that is nothing. */
export const metricsOfTask = async (
  pattern: string,
  { mesos, system }: { readonly mesos: MesosClient; readonly system: SystemClient },
): Promise<SystemMetric[]> => {
  const task = findRunningTask(await mesos.getTasks(), pattern);
  const { value: container } = containerOf(task);
  const [own, app] = await Promise.all([
    system.getContainerMetrics(task.slave_id, container),
    system.getAppMetrics(task.slave_id, container),
  ]);
  const metrics = [...own, ...app];
  if (metrics.length > 0) return metrics;
  throw new CliError('not-found', `No metrics found for task '${task.id}'`);
};
