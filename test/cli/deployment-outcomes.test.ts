import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EngineCluster, startEngineCluster } from './engine-cluster.ts';
import { startFakeCluster } from './fake-cluster.ts';
import type { PlenumResult } from './run-plenum.ts';

let cluster: EngineCluster;

beforeEach(async () => {
  cluster = await startEngineCluster();
  await cluster.marathon.call('POST', '/v2/apps', { id: '/web', cmd: 'sleep 600', cpus: 0.1, mem: 16 });
  await cluster.marathon.harness.deployed();
});

afterEach(() => cluster.close());

/** Starts a deployment that can get nowhere. */
const block = async (query = '', cpus = 1000): Promise<string> => {
  const { body } = await cluster.marathon.call('PUT', `/v2/apps/web${query}`, { cpus });
  return String(body.deploymentId);
};

/** Does something as soon as the command follows the deployment. */
const watchWhile = async (id: string, happens: () => Promise<unknown>): Promise<PlenumResult> => {
  const watching = cluster.runInTime(['marathon', 'deployment', 'watch', id]);
  await happens();
  return watching;
};

describe('a command that waits for a deployment', () => {
  it('ends with 0 when it is done', async () => {
    const { code, stderr } = await cluster.runInTime([
      'marathon',
      'app',
      'update',
      '/web',
      'mem=32',
      '--wait',
    ]);
    expect([code, stderr]).toEqual([0, expect.stringContaining('/web is deployed: 1 of 1 running')]);
  });

  it('ends with 1 when it fails at its deadline, and says why', async () => {
    const { code, stderr } = await cluster.runInTime([
      'marathon',
      'app',
      'update',
      '/web',
      'cpus=1000',
      '--deadline',
      '1m',
      '--wait',
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /Error: Deployment \S+ failed: No progress for 60 s: \/web has 0 of 1 instances ready/,
    );
  });

  it('follows the deployment that undoes it, and still ends with 1', async () => {
    const { code, stderr } = await cluster.runInTime([
      'marathon',
      'app',
      'update',
      '/web',
      'cpus=1000',
      '--deadline=1m',
      '--on-deadline=rollback',
      '--wait',
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/Deployment \S+ undoes it/);
    expect(stderr).toMatch(/ {2}Deployment \S+ has undone what it changed/);
    const { body } = await cluster.marathon.call('GET', '/v2/apps/web');
    expect(body.app).toMatchObject({ cpus: 0.1, tasksRunning: 1 });
  });

  it('ends with 1 when somebody rolls it back or gives it up', async () => {
    for (const force of [false, true]) {
      const id = await block();
      const { code, stderr } = await watchWhile(id, () =>
        cluster.marathon.call('DELETE', `/v2/deployments/${id}?force=${force}`),
      );
      expect([code, stderr]).toEqual([
        1,
        expect.stringContaining(`Deployment ${id} ${force ? 'was given up' : 'was rolled back'}`),
      ]);
    }
  });

  it('ends with 4 when another one takes its place', async () => {
    const first = await block();
    let second = '';
    const { code, stderr } = await watchWhile(first, async () => {
      second = await block('?force=true', 2000);
    });
    expect([code, stderr]).toEqual([
      4,
      expect.stringContaining(`plenum marathon deployment watch ${second}`),
    ]);
  });

  it('takes it for done where Marathon does not remember', async () => {
    const other = await startFakeCluster({
      'GET /service/marathon/v2/deployments': { body: [] },
      'GET /service/marathon/v2/deployments/d-1': { status: 405, body: {} },
      'DELETE /service/marathon/v2/deployments/d-0': { body: { version: 'v', deploymentId: 'd-1' } },
    });
    const { code } = await other.run(['marathon', 'deployment', 'rollback', 'd-0', '--wait']);
    expect(code).toBe(0);
    await other.close();
  });
});

describe('what is told of a deployment that is over', () => {
  it('is how it ended, by why and list --ended', async () => {
    const id = await block('?deadlineSeconds=10');
    await cluster.marathon.harness.pass(15_000);
    const why = await cluster.run(['marathon', 'deployment', 'why', id]);
    expect(why.stdout).toMatch(/^deployment \S+: failed at .*Z\n {2}No progress for 10 s/);
    const list = await cluster.run(['marathon', 'deployment', 'list', '/web', '--ended']);
    expect(list.stdout.split('\n').slice(0, 2)).toEqual([
      expect.stringMatching(/^APP +POD +OUTCOME +ENDED +ID$/),
      expect.stringMatching(new RegExp(`^/web +- +failed +\\S+Z +${id}$`)),
    ]);
    expect((await cluster.run(['marathon', 'deployment', 'watch', id])).code).toBe(1);
  });
});

describe('--deadline', () => {
  it('is sent to no Marathon that takes no notice of it', async () => {
    const other = await startFakeCluster({
      'GET /service/marathon/v2/apps/web': { body: { app: { id: '/web', instances: 1 } } },
      'GET /service/marathon/v2/deployments/none': { status: 405, body: {} },
    });
    const { code, stderr } = await other.run(['marathon', 'app', 'scale', '/web', '2', '--deadline', '1m']);
    expect([code, other.changes()]).toEqual([1, []]);
    expect(stderr).toContain('knows no deadlines');
    await other.close();
  });

  it('says why --on-deadline alone is refused', async () => {
    const { code, stderr } = await cluster.run([
      'marathon',
      'app',
      'scale',
      '/web',
      '2',
      '--on-deadline',
      'rollback',
    ]);
    expect([code, stderr]).toEqual([1, expect.stringContaining('onDeadline needs deadlineSeconds')]);
  });
});
