import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EngineCluster, startEngineCluster } from './engine-cluster.ts';

let cluster: EngineCluster;
let id: string;

beforeEach(async () => {
  cluster = await startEngineCluster();
  const { call, harness } = cluster.marathon;
  const app = { id: '/web', cmd: 'sleep 600', cpus: 0.1, mem: 16, instances: 4 };
  await call('POST', '/v2/apps', app);
  await harness.deployed();
  const { body } = await call('PUT', '/v2/apps/web', {
    cmd: 'sleep 700',
    upgradeStrategy: {
      minimumHealthCapacity: 1,
      maximumOverCapacity: 1,
      canary: { steps: [1, 2].map((instances) => ({ instances, untilContinued: true })) },
    },
  });
  id = String(body.deploymentId);
  await harness.pass(20_000);
});

afterEach(() => cluster.close());

const deployment = (...args: string[]) => cluster.runInTime(['marathon', 'deployment', ...args]);

describe('an upgrade in stages', () => {
  it('is told of by list and why', async () => {
    const listed = await deployment('list');
    expect(listed.stdout).toContain('restart (stage 1/2: paused until it is continued)');
    const why = (await deployment('why', '/web')).stdout;
    expect(why).toMatch(
      /\/web: step 1 of 2, 1 of 1 new instances are healthy; paused since \S+ until it is continued/,
    );
    for (const told of [listed.stderr, why]) {
      expect(told).toContain(`to have it go on: plenum marathon deployment continue ${id}\n`);
      expect(told).toContain(`to undo it: plenum marathon deployment rollback ${id}\n`);
    }
  });

  it('goes on when it is continued', async () => {
    expect(await deployment('continue', id)).toEqual({ code: 0, stdout: '', stderr: '/web goes on\n' });
    await cluster.marathon.harness.pass(20_000);
    expect((await deployment('list')).stdout).toContain('stage 2/2');
    expect((await deployment('continue', id, '--all', '--wait')).code).toBe(0);
    const again = await deployment('continue', id);
    expect([again.code, again.stderr]).toEqual([3, expect.stringContaining('does not exist')]);
  });

  it('is waited for with what it waits for, and is undone by a roll-back', async () => {
    const { code, stderr } = await deployment('watch', id, '--timeout', '300ms');
    expect([code, stderr]).toEqual([7, expect.stringContaining('paused until it is continued')]);
    const pause = /\/web is paused at stage 1\/2 until it is continued; to have it go on: plenum marathon/g;
    expect(stderr.match(pause)).toHaveLength(1);
    expect((await deployment('rollback', id, '--wait')).code).toBe(0);
    const watched = await deployment('watch', id);
    expect([watched.code, watched.stderr]).toEqual([1, expect.stringContaining('was rolled back')]);
  });
});
