import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ServedMarathon, serveMarathon } from './served-marathon.ts';

let marathon: ServedMarathon;

const app = { id: '/web', cmd: 'sleep 600', cpus: 0.1, mem: 16 };
const call: ServedMarathon['call'] = (...request) => marathon.call(...request);

beforeEach(async () => {
  marathon = await serveMarathon();
  await call('POST', '/v2/apps?deadlineSeconds=10', app);
  await marathon.harness.deployed();
});

afterEach(() => marathon.close());

const failures = () =>
  marathon.harness.events.flatMap((event) => (event.eventType === 'deployment_failed' ? [event.reason] : []));

describe('deadlineSeconds', () => {
  it('fails a deployment that makes no progress, and says why', async () => {
    await call('PUT', '/v2/apps/web?deadlineSeconds=60', { cpus: 1000 });
    await marathon.harness.pass(55_000);
    expect(failures()).toEqual([]);
    const { body } = await call('GET', '/v2/deployments');
    const [deployment] = body as unknown as { deadline?: { at?: string } }[];
    expect(deployment?.deadline).toMatchObject({ seconds: 60, onDeadline: 'fail' });
    const leftMs = Date.parse(deployment?.deadline?.at ?? '') - marathon.harness.clock.now();
    expect(leftMs).toBeGreaterThan(0);
    expect(leftMs).toBeLessThanOrEqual(10_000);
    await marathon.harness.pass(10_000);
    expect(failures()).toEqual([
      'No progress for 60 s: /web has 0 of 1 instances ready, 1 wait to be launched',
    ]);
    expect((await call('GET', '/v2/deployments')).body).toEqual([]);
    expect((await call('GET', '/v2/apps/web')).body.app).toMatchObject({ cpus: 1000 });
  });

  it('rolls back where that is asked for', async () => {
    await call('PUT', '/v2/apps/web?deadlineSeconds=60&onDeadline=rollback', { cpus: 1000 });
    await marathon.harness.pass(65_000);
    await marathon.harness.deployed();
    expect(failures()).toEqual([expect.stringMatching(/it is rolled back$/)]);
    expect((await call('GET', '/v2/apps/web')).body.app).toMatchObject({ cpus: 0.1, tasksRunning: 1 });
  });

  it('leaves a deployment alone that is done, or has none', async () => {
    await call('PUT', '/v2/apps/web', { cpus: 1000 });
    await marathon.harness.pass(600_000);
    expect(failures()).toEqual([]);
    const { body } = await call('GET', '/v2/deployments');
    expect(body).toHaveLength(1);
    expect(body[0]).not.toHaveProperty('deadline');
  });

  it.each([
    'deadlineSeconds=604801',
    'deadlineSeconds=x',
    'onDeadline=rollback',
    'deadlineSeconds=5&onDeadline=x',
  ])('refuses %s', async (query) => {
    expect((await call('PUT', `/v2/apps/web?${query}`, { mem: 32 })).status).toBe(400);
    expect((await call('GET', '/v2/apps/web')).body.app).toMatchObject({ mem: 16 });
  });
});
