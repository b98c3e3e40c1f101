import { expect, it } from 'vitest';
import type { ExecutorInfo } from '../../../src/mesos/generated/mesos.ts';
import { FRAMEWORK, shellTask } from '../fake-master.ts';
import { startTestCluster } from '../test-agent.ts';
import { openSession, wait } from './agent-caller.ts';

const EXECUTOR: ExecutorInfo = { type: 'DEFAULT', executor_id: { value: 'pod' } };

it('enters one task of a pod, and keeps how each of them ended while the pod goes on', async () => {
  const cluster = await startTestCluster();
  cluster.master.send({
    type: 'LAUNCH',
    launch: {
      framework_info: FRAMEWORK,
      executor_info: EXECUTOR,
      tasks: [shellTask('short', 'read -r never; exit 0'), shellTask('long', 'sleep 1000')].map((task) => ({
        ...task,
        executor: EXECUTOR,
      })),
      is_group: true,
    },
  });
  const { container_status: short } = await cluster.master.until('short', 'TASK_RUNNING');
  const { container_status: long } = await cluster.master.until('long', 'TASK_RUNNING');
  const [ended, parent] = [short?.container_id ?? { value: '' }, long?.container_id ?? { value: '' }];
  const id = { value: 's1', parent };
  const session = await openSession(cluster, id, 'echo $MESOS_TASK_ID; exit 2');
  await session.ended;
  expect(session.text()).toBe('long\n');
  expect(await wait(cluster, id)).toEqual({ exit_status: 2 * 256 });
  await cluster.master.until('short', 'TASK_FINISHED');
  expect(await wait(cluster, ended)).toEqual({ exit_status: 0 });
});
