import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServedMarathon } from '../marathon/api/served-marathon.ts';
import { type EngineCluster, startEngineCluster } from './engine-cluster.ts';
import { startFakeCluster } from './fake-cluster.ts';

/** Commands against a real engine. */

let cluster: EngineCluster;
let marathon: ServedMarathon;

beforeEach(async () => {
  cluster = await startEngineCluster();
  marathon = cluster.marathon;
  await marathon.call('POST', '/v2/apps', { id: '/web', cmd: 'sleep 600', cpus: 0.1, mem: 16 });
  await marathon.harness.deployed();
});

afterEach(() => cluster.close());

const run: EngineCluster['run'] = (...command) => cluster.run(...command);

const versionOf = async (): Promise<unknown> => (await marathon.call('GET', '/v2/groups')).body.version;

describe('--dry-run', () => {
  it('tells what would change, and by which steps', async () => {
    const before = await versionOf();
    expect(await run(['marathon', 'app', 'update', '/web', 'mem=32', 'labels.tier=x', '--dry-run'])).toEqual({
      code: 0,
      stdout: [
        '~ /web changes',
        '    + /labels/tier: "x"',
        '    - /mem: 16',
        '    + /mem: 32',
        'step 1: restart /web',
        '',
      ].join('\n'),
      stderr: '',
    });
    const added = await run(['marathon', 'app', 'add', '--dry-run'], '{"id": "/new", "cmd": "true"}');
    expect(added.stdout).toBe('+ /new is new\nstep 1: start /new\nstep 2: scale /new\n');
    const removed = await run(['marathon', 'app', 'remove', '/web', '--dry-run']);
    expect(removed.stdout).toBe('- /web is removed\nstep 1: stop /web\n');
    const restarted = await run(['marathon', 'app', 'restart', '/web', '--dry-run', '--json']);
    expect(JSON.parse(restarted.stdout)).toMatchObject({ diff: [{ id: '/web', changes: [] }] });
    const scaled = await run(['marathon', 'app', 'scale', '/web', '1', '--dry-run']);
    expect(scaled.stdout).toBe('Nothing would change\n');
    expect(await versionOf()).toBe(before);
  });

  it('is there for all changes of apps, groups and deployments', async () => {
    const before = await versionOf();
    const lines = async (args: readonly string[], input?: string) =>
      (await run(['marathon', ...args, '--dry-run'], input)).stdout;
    expect(await lines(['app', 'stop', '/web'])).toContain('+ /instances: 0');
    expect(await lines(['group', 'add'], '{"id": "/g", "apps": [{"id": "a", "cmd": "true"}]}')).toContain(
      '+ /g/a is new',
    );
    expect(await lines(['group', 'scale', '/', '3'])).toContain('+ /instances: 3');
    expect(await lines(['group', 'update', '/'], '{"apps": []}')).toContain('- /web is removed');
    expect(await versionOf()).toBe(before);
    const { body } = await marathon.call('PUT', '/v2/apps/web', { cpus: 1000 });
    const undone = await lines(['deployment', 'rollback', String(body.deploymentId)]);
    expect(undone).toContain('- /cpus: 1000');
    expect(undone).not.toContain('is in the way');
  });

  it('sends nothing to a Marathon that would carry the change out', async () => {
    const other = await startFakeCluster({
      'GET /service/marathon/v2/apps/web': { body: { app: { id: '/web' } } },
      'GET /service/marathon/v2/deployments/none': { status: 405, body: {} },
    });
    const { code, stderr } = await other.run(['marathon', 'app', 'update', '/web', 'mem=1', '--dry-run']);
    expect([code, other.changes()]).toEqual([1, []]);
    expect(stderr).toContain('knows no dry runs');
    await other.close();
  });
});

describe('deployment why', () => {
  it('says what holds a deployment or an app', async () => {
    const { body } = await marathon.call('PUT', '/v2/apps/web', { cpus: 1000 });
    await marathon.harness.pass(5_000);
    for (const id of ['/web', String(body.deploymentId)]) {
      const { code, stdout } = await run(['marathon', 'deployment', 'why', id]);
      expect([code, stdout]).toEqual([0, expect.stringMatching(/cpus less than the 1000 it asks/)]);
      expect(stdout).toContain(`deployment ${body.deploymentId}: step 1/1 restart /web\n  /web: `);
    }
    const { stdout } = await run(['marathon', 'deployment', 'why', 'web', '--json']);
    expect(JSON.parse(stdout)).toMatchObject([{ id: body.deploymentId, why: expect.any(Array) }]);
  });

  it('says that nothing holds what is done, and does not know what is not there', async () => {
    expect(await run(['marathon', 'deployment', 'why', '/web'])).toMatchObject({
      code: 0,
      stdout: '/web waits for nothing, and no deployment changes it\n',
    });
    expect((await run(['marathon', 'deployment', 'why', '/none'])).code).toBe(3);
  });

  it('puts the reasons together from the queue where Marathon gives none', async () => {
    const deployment = { id: 'd-1', version: 'v', affectedApps: ['/web'], affectedPods: [], steps: [] };
    const other = await startFakeCluster({
      'GET /service/marathon/v2/deployments': {
        body: [{ ...deployment, currentActions: [], currentStep: 1, totalSteps: 1 }],
      },
      'GET /service/marathon/v2/deployments/d-1': { status: 405, body: {} },
      'GET /service/marathon/v2/queue': {
        body: { queue: [{ app: { id: '/web' }, count: 1, delay: { timeLeftSeconds: 9, overdue: false } }] },
      },
    });
    const { stdout } = await other.run(['marathon', 'deployment', 'why', '/web']);
    expect(stdout).toContain('the next is launched in 9 s');
    await other.close();
  });
});
