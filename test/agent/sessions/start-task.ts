import type { AgentOptions } from '../../../src/agent/agent-options.ts';
import type { ContainerID, TaskInfo } from '../../../src/mesos/generated/mesos.ts';
import { shellTask } from '../fake-master.ts';
import { startTestCluster, type TestCluster } from '../test-agent.ts';

/** A task that runs, and its container. */
export const startTask = async ({
  command = 'sleep 1000',
  task = {},
  agent = {},
}: {
  command?: string;
  task?: Partial<TaskInfo>;
  agent?: Partial<AgentOptions>;
} = {}): Promise<{ cluster: TestCluster; parent: ContainerID }> => {
  const cluster = await startTestCluster(agent);
  cluster.master.launch(shellTask('t1', command, task));
  const status = await cluster.master.until('t1', 'TASK_RUNNING');
  const parent = status.container_status?.container_id;
  if (!parent) throw new Error('the status names no container');
  return { cluster, parent };
};
