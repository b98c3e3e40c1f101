import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FakeCluster, slave, startFakeCluster, task } from './fake-cluster.ts';

/** Ten thousand tasks are listed, found and completed as a few are; how fast is measured by the benchmarks. */

const MANY = 10_000;
let cluster: FakeCluster;

beforeAll(async () => {
  const tasks = Array.from({ length: MANY }, (_, index) =>
    task(`app-${index % 100}.${index}`, { slave_id: `S${index % 50}` }),
  );
  const slaves = Array.from({ length: 50 }, (_, index) => slave(`S${index}`, `10.0.0.${index}`));
  cluster = await startFakeCluster({
    'GET /mesos/tasks': { body: { tasks } },
    'GET /mesos/slaves': { body: { slaves } },
    'POST /mesos/api/v1': { body: { get_frameworks: { frameworks: [] } } },
  });
});

afterAll(() => cluster.close());

it('task list shows ten thousand tasks', async () => {
  const { code, stdout } = await cluster.run(['task', 'list']);
  expect(code).toBe(0);
  expect(stdout.trimEnd().split('\n')).toHaveLength(MANY + 1);
});

it('task list finds one of them', async () => {
  expect((await cluster.run(['task', 'list', '.9999', '-q'])).stdout).toBe('app-99.9999\n');
});
