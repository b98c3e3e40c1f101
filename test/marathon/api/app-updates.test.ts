import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ServedMarathon, serveMarathon } from './served-marathon.ts';

let marathon: ServedMarathon;

beforeEach(async () => {
  marathon = await serveMarathon();
});

afterEach(() => marathon.close());

const call: ServedMarathon['call'] = (...request) => marathon.call(...request);
const app = (id: string, more: object = {}) => ({ id, cmd: 'sleep 600', cpus: 0.1, mem: 16, ...more });
/** Adds apps and lets their deployments end. */
const added = async (...apps: object[]): Promise<void> => {
  for (const one of apps) expect((await call('POST', '/v2/apps', one)).status).toBe(201);
  await marathon.harness.deployed();
};
const shown = async (id: string) => (await call('GET', `/v2/apps${id}`)).body.app;
const deployment = { version: expect.any(String), deploymentId: expect.any(String) };

describe('PUT /v2/apps/{id}', () => {
  it('replaces the fields that are given, each as a whole', async () => {
    await added(app('/a', { env: { A: '1', B: '2' }, labels: { x: 'y' }, resourceLimits: { cpus: 2 } }));
    const { status, body } = await call('PUT', '/v2/apps/a', { env: { C: '3' }, instances: 3 });
    expect(status).toBe(200);
    expect(body).toEqual(deployment);
    await marathon.harness.deployed();
    const found = await shown('/a');
    expect(found).toMatchObject({ env: { C: '3' }, labels: { x: 'y' }, cpus: 0.1, instances: 3 });
    expect(found).not.toHaveProperty('resourceLimits');
  });

  it('without a change gives a deployment, and restarts nothing', async () => {
    await added(app('/a'));
    const before = await shown('/a');
    const { status, headers, body } = await call('PUT', '/v2/apps/a', { cmd: 'sleep 600' });
    expect(status).toBe(200);
    expect(headers['marathon-deployment-id']).toBe(body.deploymentId);
    await marathon.harness.deployed();
    expect(await shown('/a')).toEqual(before);
  });

  it('creates an app that there is not: 201 and where it is', async () => {
    const { status, headers } = await call('PUT', '/v2/apps/new/app', { cmd: 'sleep 1' });
    expect([status, headers.location]).toEqual([201, `${marathon.url}/new/app`]);
    expect((await call('PUT', '/v2/apps/other', { instances: 2 })).status).toBe(422);
  });

  it('with partialUpdate=false gives everything else its default again', async () => {
    await added(app('/a', { instances: 2, labels: { x: 'y' } }));
    expect((await call('PUT', '/v2/apps/a?partialUpdate=False', { cmd: 'sleep 1' })).status).toBe(200);
    expect(await shown('/a')).toMatchObject({ instances: 1, labels: {}, cpus: 1 });
  });

  it('keeps service ports, and what the CLI sends as null', async () => {
    await added(app('/a'));
    const nulls = { id: 'a', instances: 2, ports: null, dependencies: null };
    expect((await call('PUT', '/v2/apps/a', nulls)).status).toBe(200);
    expect(await shown('/a')).toMatchObject({ instances: 2, portDefinitions: [{ port: 10000 }] });
  });

  it('takes the ports of the host network away with it', async () => {
    await added(app('/a'));
    const docker = { container: { docker: { image: 'x' } }, networks: [{ mode: 'container/bridge' }] };
    expect((await call('PUT', '/v2/apps/a?force=true', docker)).status).toBe(200);
    expect(await shown('/a')).not.toHaveProperty('portDefinitions');
    const back = { networks: [{ mode: 'host' }], container: null };
    expect((await call('PUT', '/v2/apps/a?force=true', back)).status).toBe(200);
    expect(await shown('/a')).toMatchObject({ portDefinitions: [{ name: 'default' }] });
  });

  it('goes back to an earlier version', async () => {
    await added(app('/a', { instances: 1 }));
    const { version } = (await shown('/a')) ?? {};
    await call('PUT', '/v2/apps/a', { instances: 3, labels: { x: 'y' } });
    await marathon.harness.deployed();
    expect((await call('PUT', '/v2/apps/a', { version })).status).toBe(200);
    await marathon.harness.deployed();
    const found = await shown('/a');
    expect(found).toMatchObject({ instances: 1, labels: {} });
    expect(found?.version).not.toBe(version);
    expect(await call('PUT', '/v2/apps/a', { version, instances: 2 })).toMatchObject({
      status: 422,
      body: {
        details: [{ path: '/', errors: ["The 'version' field may only be combined with the 'id' field."] }],
      },
    });
    expect(await call('PUT', '/v2/apps/a', { version: 'yesterday' })).toMatchObject({
      status: 422,
      body: { message: "Invalid timestamp provided 'yesterday'. Expecting ISO-8601 datetime string." },
    });
    const unknown = await call('PUT', '/v2/apps/a', { version: '2001-01-01T00:00:00Z' });
    expect(unknown).toMatchObject({
      status: 422,
      body: { message: "App '/a' does not exist in version 2001-01-01T00:00:00.000Z" },
    });
  });

  it('of an app that a deployment holds is refused with its id, unless it is forced', async () => {
    await call('POST', '/v2/apps', app('/big', { cpus: 1000 }));
    const [{ id } = { id: '' }] = marathon.harness.engine.deployments();
    expect(await call('PUT', '/v2/apps/big', { cpus: 0.1 })).toMatchObject({
      status: 409,
      body: {
        message:
          "App is locked by one or more deployments. Override with the option '?force=true'. View details at '/v2/deployments/<DEPLOYMENT_ID>'.",
        deployments: [{ id }],
      },
    });
    expect((await call('PUT', '/v2/apps/big?force=True', { cpus: 0.1 })).status).toBe(200);
    await marathon.harness.deployed();
    expect(await shown('/big')).toMatchObject({ tasksRunning: 1 });
  });

  it('PATCH changes, but never creates', async () => {
    await added(app('/a'));
    expect((await call('PATCH', '/v2/apps/a', { instances: 2 })).status).toBe(200);
    expect((await call('PATCH', '/v2/apps/nope', { cmd: 'sleep 1' })).status).toBe(404);
  });
});

describe('PUT /v2/apps', () => {
  it('changes many apps in one deployment', async () => {
    await added(app('/a'));
    const { status, body } = await call('PUT', '/v2/apps', [{ id: '/a', instances: 2 }, app('/b')]);
    expect(status).toBe(200);
    expect(
      marathon.harness.engine.deployments().map(({ id, affectedApps }) => [id, [...affectedApps].sort()]),
    ).toEqual([[body.deploymentId, ['/a', '/b']]]);
  });

  it('changes none when one is wrong, and names it', async () => {
    await added(app('/a'), app('/b'));
    const { status, body } = await call('PUT', '/v2/apps', [
      { id: '/a', instances: 2 },
      { id: '/b', cmd: 'x' },
    ]);
    expect(status).toBe(422);
    expect(body.details).toEqual([{ path: '(1)/cmd', errors: ['must not be an empty string'] }]);
    expect(await shown('/a')).toMatchObject({ instances: 1 });
  });

  it('needs the id of each, and PATCH that each is there', async () => {
    expect(await call('PUT', '/v2/apps', [{ instances: 2 }])).toMatchObject({
      status: 422,
      body: { message: 'requirement failed: App Update must have app id set' },
    });
    expect((await call('PATCH', '/v2/apps', [app('/b')])).status).toBe(404);
    expect((await call('PUT', '/v2/apps', { id: '/a' })).body.details).toEqual([
      { path: '/', errors: ['error.expected.jsarray'] },
    ]);
  });
});
