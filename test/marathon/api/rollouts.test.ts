import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ServedMarathon, serveMarathon } from './served-marathon.ts';

let marathon: ServedMarathon;

const CAPACITY = { minimumHealthCapacity: 1, maximumOverCapacity: 1 };
const app = { id: '/web', cmd: 'sleep 600', cpus: 0.1, mem: 16, instances: 4 };
const pod = {
  id: '/pod',
  containers: [
    { name: 'main', resources: { cpus: 0.1, mem: 16 }, exec: { command: { shell: 'sleep 600' } } },
  ],
};
const call: ServedMarathon['call'] = (...request) => marathon.call(...request);

beforeEach(async () => {
  marathon = await serveMarathon();
});

afterEach(() => marathon.close());

/** Begins an upgrade; gives the deployment. */
const upgrade = async (strategy: object, more = {}): Promise<string> => {
  await call('POST', '/v2/apps', app);
  await marathon.harness.deployed();
  const upgradeStrategy = { ...CAPACITY, ...strategy };
  const { body } = await call('PUT', '/v2/apps/web', { cmd: 'sleep 700', upgradeStrategy, ...more });
  await marathon.harness.pass(20_000);
  return String(body.deploymentId);
};

describe('an upgrade in stages', () => {
  it('is shown with its deployment, with what it waits for', async () => {
    const id = await upgrade({ canary: { steps: [{ percent: 30, pauseSeconds: 60 }, { instances: 3 }] } });
    const since = expect.stringMatching(/Z$/);
    const rollout = {
      id: '/web',
      step: 1,
      totalSteps: 2,
      target: 2,
      ready: 2,
      paused: { since, until: since },
    };
    expect((await call('GET', '/v2/deployments')).body).toMatchObject([{ id, rollouts: [rollout] }]);
    expect((await call('GET', `/v2/deployments/${id}`)).body).toMatchObject({
      rollouts: [rollout],
      why: [
        expect.stringMatching(
          /^\/web: step 1 of 2, 2 of 2 new instances are healthy; paused since \S+Z until \S+Z$/,
        ),
      ],
    });
    await marathon.harness.deployed();
    expect((await call('GET', `/v2/deployments/${id}`)).body).toMatchObject({ outcome: 'succeeded' });
  });

  it('is continued by a route of its own', async () => {
    const id = await upgrade({ blueGreen: { untilContinued: true } });
    expect((await call('GET', `/v2/deployments/${id}`)).body.why).toEqual([
      expect.stringMatching(/paused since \S+Z until it is continued$/),
    ]);
    expect(await call('POST', `/v2/deployments/${id}/continue`)).toMatchObject({
      status: 200,
      body: { deploymentId: id, continued: ['/web'] },
    });
    expect(await call('POST', `/v2/deployments/${id}/continue`)).toMatchObject({
      status: 409,
      body: { message: `Deployment ${id} is not paused` },
    });
    expect((await call('POST', '/v2/deployments/none/continue')).status).toBe(404);
    await marathon.harness.deployed();
  });

  it('exists for pods too', async () => {
    const scaling = { kind: 'fixed', instances: 3 };
    await call('POST', '/v2/pods', { ...pod, scaling });
    await marathon.harness.deployed();
    const scheduling = { upgrade: { canary: { steps: [{ instances: 1, untilContinued: true }] } } };
    const updated = await call('PUT', '/v2/pods/pod', { ...pod, scaling, scheduling, labels: { a: 'b' } });
    expect(updated.body).toMatchObject({ scheduling });
    await marathon.harness.pass(20_000);
    expect((await call('GET', '/v2/deployments')).body).toMatchObject([
      { rollouts: [{ id: '/pod', target: 1, ready: 1 }] },
    ]);
  });

  it('is shown with the app as it was given, and others do not have it', async () => {
    await call('POST', '/v2/apps', app);
    expect((await call('GET', '/v2/apps/web')).body.app).toMatchObject({ upgradeStrategy: CAPACITY });
    const canary = {
      steps: [
        { percent: 12.5, pauseSeconds: 5 },
        { percent: 50, untilContinued: true },
      ],
    };
    await call('PUT', '/v2/apps/web?force=true', { upgradeStrategy: { ...CAPACITY, canary } });
    expect((await call('GET', '/v2/apps/web')).body.app?.upgradeStrategy).toEqual({ ...CAPACITY, canary });
  });
});

const steps = (...list: object[]): object => ({ canary: { steps: list } });

describe('a strategy that makes no sense', () => {
  it.each([
    ['no steps', steps(), '/upgradeStrategy/canary/steps'],
    ['neither a number nor percent', steps({}), '/upgradeStrategy/canary/steps(0)'],
    ['both', steps({ instances: 1, percent: 1 }), '/upgradeStrategy/canary/steps(0)'],
    ['too much', steps({ percent: 101 }), '/upgradeStrategy/canary/steps(0)/percent'],
    ['nothing', steps({ instances: 0 }), '/upgradeStrategy/canary/steps(0)/instances'],
    ['a step back', steps({ instances: 2 }, { instances: 2 }), '/upgradeStrategy/canary/steps(1)'],
    [
      'two kinds of pauses',
      { blueGreen: { pauseSeconds: 1, untilContinued: true } },
      '/upgradeStrategy/blueGreen',
    ],
    ['canary and blue-green', { blueGreen: {}, ...steps({ instances: 1 }) }, '/upgradeStrategy'],
    [
      'no room for two sets',
      { blueGreen: {}, maximumOverCapacity: 0.5 },
      '/upgradeStrategy/maximumOverCapacity',
    ],
  ])('is refused, with its place: %s', async (_, strategy, path) => {
    const { status, body } = await call('POST', '/v2/apps', {
      ...app,
      upgradeStrategy: { ...CAPACITY, ...strategy },
    });
    expect([status, body.details]).toEqual([422, [{ path, errors: [expect.any(String)] }]]);
  });

  it('is refused of pods at their place', async () => {
    const upgradeOfPod = { blueGreen: {}, maximumOverCapacity: 0.5 };
    const { body } = await call('POST', '/v2/pods', { ...pod, scheduling: { upgrade: upgradeOfPod } });
    expect(body.details).toMatchObject([{ path: '/scheduling/upgrade/maximumOverCapacity' }]);
  });
});
