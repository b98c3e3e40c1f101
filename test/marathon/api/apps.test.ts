import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Body, type ServedMarathon, serveMarathon } from './served-marathon.ts';

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
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const deployment = { version: expect.stringMatching(TIMESTAMP), deploymentId: expect.any(String) };

describe('POST /v2/apps', () => {
  it('creates an app: 201, where it is, and the deployment that starts it', async () => {
    const { status, headers, body } = await call('POST', '/v2/apps', { id: 'demo/hello', cmd: 'sleep 600' });
    expect(status).toBe(201);
    expect(headers.location).toBe(`${marathon.url}/demo/hello`);
    expect(body).toMatchObject({
      id: '/demo/hello',
      cmd: 'sleep 600',
      version: expect.stringMatching(TIMESTAMP),
      portDefinitions: [{ port: 10000, protocol: 'tcp', name: 'default' }],
      tasksStaged: 0,
      tasksRunning: 0,
      tasksHealthy: 0,
      tasksUnhealthy: 0,
      deployments: [{ id: headers['marathon-deployment-id'] }],
    });
    expect(body).not.toHaveProperty('versionInfo');
    expect(body).not.toHaveProperty('tasks');
  });

  it('takes a path that ends with a slash, and no content type', async () => {
    expect((await call('POST', '/v2/apps/', app('/a'))).status).toBe(201);
  });

  it('answers what is no JSON, and nothing at all, with 400', async () => {
    const cut = await call('POST', '/v2/apps', '{"id":"/a","cmd":');
    expect(cut).toMatchObject({
      status: 400,
      body: { message: 'Invalid JSON', details: expect.any(String) },
    });
    const deep = `{"id":"/a","cmd":"x","portDefinitions":[{"labels":${'['.repeat(20_000)}${']'.repeat(20_000)}}]}`;
    expect(await call('POST', '/v2/apps', deep)).toMatchObject({
      status: 400,
      body: { message: 'Invalid JSON', details: 'It is nested deeper than 500 levels' },
    });
    const empty = await call('POST', '/v2/apps', '');
    expect(empty).toMatchObject({
      status: 400,
      body: { message: 'Please specify data in JSON format', details: expect.any(String) },
    });
    expect(empty.headers['content-type']).toContain('application/json');
  });

  it('answers a wrong form with 422, by path', async () => {
    expect(await call('POST', '/v2/apps', { id: 7, cpus: '1' })).toMatchObject({
      status: 422,
      body: {
        message: 'Invalid JSON',
        details: [
          { path: '/id', errors: ['error.expected.jsstring'] },
          { path: '/cpus', errors: ['error.expected.jsnumber'] },
        ],
      },
    });
  });

  it('answers what makes no sense with 422, all messages of a path together', async () => {
    const networks = [{ mode: 'host' }, { name: 'n' }, { name: 'n' }];
    const { status, body } = await call('POST', '/v2/apps', app('/a', { networks }));
    expect(status).toBe(422);
    expect(body).toEqual({
      message: 'Object is not valid',
      details: [
        {
          path: '/networks',
          errors: [
            'May specify a single host network, single bridge network, or else 1-to-n container networks',
            'Duplicate networks are not allowed',
          ],
        },
      ],
    });
  });

  it('answers an id that there is with 409, without deployments', async () => {
    await added(app('/a'));
    expect(await call('POST', '/v2/apps', app('/a'))).toMatchObject({
      status: 409,
      body: { message: 'An app with id [/a] already exists.' },
    });
  });

  it('refuses what the engine cannot do, and changes nothing', async () => {
    const { status, body } = await call('POST', '/v2/apps', app(`/${'x'.repeat(600)}`));
    expect(status).toBe(422);
    expect(body).toMatchObject({
      message: 'Object is not valid',
      details: [{ path: '/id', errors: [expect.stringContaining('must not be longer')] }],
    });
    expect((await call('GET', '/v2/groups')).body.groups).toEqual([]);
  });

  it('has no more service ports than there are', async () => {
    await marathon.close();
    marathon = await serveMarathon({ servicePorts: { min: 10_000, max: 10_001 } });
    await added(app('/a'));
    expect(await call('POST', '/v2/apps', app('/b'))).toMatchObject({
      status: 500,
      body: { message: 'All ports in the range [10000-10001) are already in use' },
    });
  });
});

describe('GET /v2/apps/{id}', () => {
  it('shows the app with counts, tasks and deployments', async () => {
    await added(app('/demo/web', { instances: 2, portDefinitions: [{ port: 0, name: 'http' }] }));
    const { app: found } = (await call('GET', '/v2/apps//demo/web')).body;
    expect(found).toMatchObject({
      id: '/demo/web',
      tasksRunning: 2,
      tasksStaged: 0,
      deployments: [],
      versionInfo: { lastScalingAt: found?.version, lastConfigChangeAt: found?.version },
    });
    expect(found?.tasks).toHaveLength(2);
    expect(found?.tasks?.[0]).toEqual({
      id: expect.stringMatching(/^demo_web\.instance-.+\._app\.1$/),
      appId: '/demo/web',
      host: expect.stringMatching(/example$/),
      slaveId: expect.stringMatching(/^agent-/),
      state: 'TASK_RUNNING',
      stagedAt: expect.stringMatching(TIMESTAMP),
      startedAt: expect.stringMatching(TIMESTAMP),
      version: found?.version,
      ports: [expect.any(Number)],
      servicePorts: [10000],
      ipAddresses: expect.any(Array),
      healthCheckResults: [],
      localVolumes: [],
      role: '*',
    });
  });

  it('takes ids whose slashes are encoded', async () => {
    await added(app('/demo/web'));
    expect((await call('GET', '/v2/apps/%2Fdemo%2Fweb')).status).toBe(200);
    expect((await call('GET', '/v2/apps/demo%2Fweb/versions')).status).toBe(200);
  });

  it('answers with 404 and the reason what there is not', async () => {
    expect(await call('GET', '/v2/apps/nope')).toMatchObject({
      status: 404,
      body: { message: "App '/nope' does not exist", details: [] },
    });
  });

  it('shows all apps of a group for a wildcard', async () => {
    await added(app('/prod/a'), app('/prod/b/c'), app('/dev/d'));
    const ids = (body: Body) => body['*']?.map(({ id }) => id);
    expect(ids((await call('GET', '/v2/apps/prod/*')).body)).toEqual(['/prod/a', '/prod/b/c']);
    expect(ids((await call('GET', '/v2/apps/*')).body)).toHaveLength(3);
    expect(await call('GET', '/v2/apps/nope/*')).toMatchObject({
      status: 404,
      body: { message: "Group '/nope' does not exist" },
    });
  });

  it('tells of the last failure and of statistics', async () => {
    await added(app('/web'));
    const [task] = marathon.harness.master.tasks();
    marathon.harness.master.change(task?.info.task_id.value ?? '', 'TASK_FAILED');
    await marathon.harness.pass(100);
    await marathon.harness.until('it runs again', () => marathon.harness.master.runningTasks().length === 1);
    await marathon.harness.pass(100);
    const { app: found } = (await call('GET', '/v2/apps/web?embed=app.taskStats')).body;
    expect(found?.lastTaskFailure).toMatchObject({
      appId: '/web',
      state: 'TASK_FAILED',
      taskId: task?.info.task_id.value,
      timestamp: expect.stringMatching(TIMESTAMP),
      version: found?.version,
    });
    expect(found?.tasks?.[0]?.id).toMatch(/\._app\.2$/);
    expect(found?.taskStats).toMatchObject({
      withLatestConfig: { stats: { counts: { running: 1, staged: 0, healthy: 0, unhealthy: 0 } } },
      totalSummary: { stats: { lifeTime: { averageSeconds: expect.any(Number) } } },
    });
    expect(found?.taskStats).not.toHaveProperty('withOutdatedConfig');
  });
});

describe('GET /v2/apps', () => {
  const ids = async (query: string) => {
    const { body } = await call('GET', `/v2/apps${query}`);
    return (body.apps ?? []).map(({ id }) => id);
  };

  it('filters by command, id and labels', async () => {
    await added(
      app('/a/one', { labels: { tier: 'edge', 'a/b': 'x' } }),
      app('/a/two', { cmd: 'Exec Server', labels: { tier: 'core' } }),
      app('/b/three'),
    );
    expect(await ids('')).toEqual(['/a/one', '/a/two', '/b/three']);
    expect(await ids('?cmd=exec%20server')).toEqual(['/a/two']);
    expect(await ids('?id=/A/')).toEqual(['/a/one', '/a/two']);
    expect(await ids('?label=tier')).toEqual(['/a/one', '/a/two']);
    expect(await ids('?label=tier==edge')).toEqual(['/a/one']);
    expect(await ids('?label=tier%20!=%20edge')).toEqual(['/a/two']);
    expect(await ids('?label=tier%20in%20(edge,%20core),%20a%5C/b')).toEqual(['/a/one']);
    expect(await ids('?label=tier%20notin(core)&id=/a')).toEqual(['/a/one']);
  });

  it('answers a label selector that is none with 422', async () => {
    for (const selector of ['tier=edge', 'tier in edge', 'tier in (a', '', 'a,,b', 'a b']) {
      const { status, body } = await call('GET', `/v2/apps?label=${encodeURIComponent(selector)}`);
      expect(status, selector).toBe(422);
      expect(body.message).toContain(`Can not parse label selector '${selector}'. Reason: `);
    }
  });

  it('always shows counts and deployments, and more when it is asked for', async () => {
    await added(app('/a'));
    const plain = (await call('GET', '/v2/apps')).body.apps?.[0];
    expect(plain).toMatchObject({ tasksRunning: 1, deployments: [] });
    expect(plain).not.toHaveProperty('tasks');
    for (const name of ['tasks', 'apps.tasks', 'app.tasks', 'apps.failures']) {
      const { body } = await call('GET', `/v2/apps?embed=${name}&embed=unheard`);
      expect(body.apps?.[0]?.tasks).toHaveLength(1);
    }
  });
});

describe('restart, removal and versions', () => {
  it('restart replaces all tasks and counts as a change of configuration', async () => {
    await added(app('/a'));
    const before = await shown('/a');
    const { status, body } = await call('POST', '/v2/apps/a/restart', {});
    expect([status, body]).toEqual([200, deployment]);
    await marathon.harness.deployed();
    const after = await shown('/a');
    expect(after?.tasks?.[0]?.id).not.toBe(before?.tasks?.[0]?.id);
    expect(after?.versionInfo).toEqual({
      lastScalingAt: before?.version,
      lastConfigChangeAt: body.version,
    });
    expect((await call('POST', '/v2/apps/nope/restart')).status).toBe(404);
  });

  it('DELETE removes an app at once, by default even from a deployment', async () => {
    await call('POST', '/v2/apps', app('/big', { cpus: 1000 }));
    expect((await call('DELETE', '/v2/apps/big?force=false')).status).toBe(409);
    const { status, body } = await call('DELETE', '/v2/apps/big');
    expect([status, body]).toEqual([200, deployment]);
    expect((await call('GET', '/v2/apps/big')).status).toBe(404);
    expect((await call('DELETE', '/v2/apps/big')).status).toBe(404);
  });

  it('versions are listed newest first, and each can be seen as it was', async () => {
    await added(app('/a'));
    const { version: first } = (await shown('/a')) ?? {};
    await call('PUT', '/v2/apps/a', { instances: 2 });
    await marathon.harness.deployed();
    const { version: second } = (await shown('/a')) ?? {};
    expect((await call('GET', '/v2/apps/a/versions')).body).toEqual({ versions: [second, first] });
    const { body } = await call('GET', `/v2/apps/a/versions/${first}`);
    expect(body).toMatchObject({ id: '/a', instances: 1, version: first });
    expect(body).not.toHaveProperty('tasksRunning');
    expect((await call('GET', '/v2/apps/a/versions/2001-01-01T00:00:00Z')).body.message).toBe(
      "App '/a' does not exist in version 2001-01-01T00:00:00.000Z",
    );
    expect((await call('GET', '/v2/apps/a/versions/soon')).status).toBe(422);
    expect((await call('GET', '/v2/apps/nope/versions')).status).toBe(404);
  });
});
