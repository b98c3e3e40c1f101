import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Body, type ServedMarathon, serveMarathon } from './served-marathon.ts';

let marathon: ServedMarathon;

beforeEach(async () => {
  marathon = await serveMarathon();
});

afterEach(() => marathon.close());

const call: ServedMarathon['call'] = (...request) => marathon.call(...request);
const folder = join(import.meta.dirname, '..', 'fixtures');
const fixture = (name: string): Body => JSON.parse(readFileSync(join(folder, name), 'utf8'));
/** None of it is launched, so that its deployments end by themselves. */
const idle = (id: string, more: object = {}) => ({
  id,
  containers: [{ name: 'c', resources: { cpus: 0.1, mem: 32 }, exec: { command: { shell: 'sleep 9' } } }],
  scaling: { kind: 'fixed', instances: 0 },
  ...more,
});
const added = async (pod: object): Promise<Body> => {
  const { status, body } = await call('POST', '/v2/pods', pod);
  expect(status).toBe(201);
  await marathon.harness.deployed();
  return body;
};
const uuid = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
const timestamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

describe('/v2/pods', () => {
  it('answers HEAD, by which clients see that there are pods', async () => {
    expect(await call('HEAD', '/v2/pods')).toMatchObject({ status: 200, body: '' });
  });

  it('lists all pods', async () => {
    expect((await call('GET', '/v2/pods')).body).toEqual([]);
    const [one, other] = [await added(idle('/one')), await added(idle('/two/other'))];
    expect((await call('GET', '/v2/pods')).body).toEqual([one, other]);
  });
});

describe('POST /v2/pods', () => {
  it('creates a pod with every default filled in: 201, where it is, and its deployment', async () => {
    const { id, containers } = idle('/p');
    const { status, headers, body } = await call('POST', '/v2/pods', { id, containers });
    expect([status, headers.location]).toEqual([201, `${marathon.url}/p`]);
    expect(headers['marathon-deployment-id']).toEqual(uuid);
    expect(body).toEqual({
      id: '/p',
      version: timestamp,
      role: '*',
      networks: [{ mode: 'host' }],
      containers: [
        {
          name: 'c',
          exec: { command: { shell: 'sleep 9' } },
          resources: { cpus: 0.1, mem: 32, disk: 0, gpus: 0 },
        },
      ],
      executorResources: { cpus: 0.1, mem: 32, disk: 10 },
      scaling: { kind: 'fixed', instances: 1 },
      scheduling: {
        backoff: { backoff: 1, backoffFactor: 1.15, maxLaunchDelay: 300 },
        upgrade: { minimumHealthCapacity: 1, maximumOverCapacity: 1 },
        killSelection: 'YOUNGEST_FIRST',
        unreachableStrategy: { inactiveAfterSeconds: 0, expungeAfterSeconds: 0 },
      },
    });
    expect((await call('GET', '/v2/pods/p')).body).toEqual(body);
  });

  it('answers an id that there is with 409', async () => {
    await added(idle('/p'));
    expect(await call('POST', '/v2/pods', idle('p'))).toMatchObject({
      status: 409,
      body: { message: 'A pod with id [/p] already exists.' },
    });
  });

  it('does not give a pod the id of an app, nor an app that of a pod', async () => {
    const refused = {
      status: 422,
      body: {
        message: 'Object is not valid',
        details: [{ path: '/', errors: ['Applications and Pods may not share the same id'] }],
      },
    };
    const app = { id: '/app', cmd: 'sleep 9', instances: 0 };
    expect((await call('POST', '/v2/apps', app)).status).toBe(201);
    expect(await call('POST', '/v2/pods', idle('/app'))).toMatchObject(refused);
    await added(idle('/p'));
    expect(await call('POST', '/v2/apps', { ...app, id: '/p' })).toMatchObject(refused);
  });

  it('does not give a pod the id of a group, nor a group that of a pod', async () => {
    const refused = {
      status: 422,
      body: { details: [{ path: '/', errors: ['Groups and Pods may not have the same identifier.'] }] },
    };
    await added(idle('/group/p'));
    expect(await call('POST', '/v2/pods', idle('/group'))).toMatchObject(refused);
    expect(await call('POST', '/v2/pods', idle('/group/p/inner'))).toMatchObject(refused);
    expect(await call('POST', '/v2/groups', { id: '/group/p' })).toMatchObject(refused);
  });

  it('says of everything that is wrong where it is', async () => {
    expect(await call('POST', '/v2/pods', { ...idle('/p'), volumes: [{ name: 'v' }] })).toMatchObject({
      status: 422,
      body: {
        message: 'Object is not valid',
        details: [{ path: '/volumes(0)', errors: ['must be mounted by at least one container'] }],
      },
    });
    expect(await call('POST', '/v2/pods', { id: 1 })).toMatchObject({
      status: 422,
      body: {
        message: 'Invalid JSON',
        details: [
          { path: '/containers', errors: ['error.path.missing'] },
          { path: '/id', errors: ['error.expected.jsstring'] },
        ],
      },
    });
    expect(await call('POST', '/v2/pods', '{')).toMatchObject({
      status: 400,
      body: { message: 'Invalid JSON', details: expect.any(String) },
    });
    expect(await call('POST', '/v2/pods')).toMatchObject({
      status: 400,
      body: { message: 'Please specify data in JSON format' },
    });
    expect((await call('GET', '/v2/pods')).body).toEqual([]);
  });

  it('tells with dryRun what would come of it, and changes nothing', async () => {
    expect((await call('POST', '/v2/pods?dryRun=true', fixture('pod-01-minimal.json'))).body).toEqual({
      steps: [
        { actions: [{ action: 'StartPod', pod: '/examples/pod-min' }] },
        { actions: [{ action: 'ScalePod', pod: '/examples/pod-min' }] },
      ],
      diff: [{ id: '/examples/pod-min', kind: 'create', changes: [] }],
    });
    expect((await call('GET', '/v2/pods')).body).toEqual([]);
  });

  it('is held up by a deployment of the same pod, unless it is forced', async () => {
    expect((await call('POST', '/v2/pods', idle('/p', { scaling: { instances: 99 } }))).status).toBe(201);
    const [{ id, affectedPods } = { id: '', affectedPods: [] }] = marathon.harness.engine.deployments();
    expect(affectedPods).toEqual(['/p']);
    const more = idle('/p', { labels: { a: 'b' } });
    expect(await call('PUT', '/v2/pods/p', more)).toMatchObject({
      status: 409,
      body: { deployments: [{ id }] },
    });
    expect(await call('DELETE', '/v2/pods/p')).toMatchObject({ status: 409 });
    expect((await call('PUT', '/v2/pods/p?dryRun=true', more)).body.lockedBy).toEqual([id]);
    expect((await call('PUT', '/v2/pods/p?force=true', more)).status).toBe(200);
  });
});

describe('the examples of pods', () => {
  let lenient: ServedMarathon;

  beforeEach(async () => {
    lenient = await serveMarathon({ features: new Set(['secrets']) });
  });

  afterEach(() => lenient.close());

  it.each(readdirSync(folder).filter((name) => name.startsWith('pod-')))(
    '%s is accepted, and comes back the same when what is shown is sent again',
    async (name) => {
      const sent = fixture(name);
      const { status, body } = await lenient.call('POST', '/v2/pods', sent);
      expect(status).toBe(201);
      const { containers, ...rest } = sent;
      expect(body).toMatchObject(rest);
      expect(body).toMatchObject({ containers });
      const again = await lenient.call('PUT', `/v2/pods${sent.id}?force=true`, body);
      expect([again.status, again.body]).toEqual([200, body]);
    },
  );
});

describe('/v2/pods/{id}', () => {
  it('has a status, also among all others and in its group', async () => {
    const pod = await added(idle('/g/p'));
    const status = {
      id: '/g/p',
      spec: pod,
      status: 'STABLE',
      statusSince: timestamp,
      instances: [],
      terminationHistory: [],
      lastUpdated: timestamp,
      lastChanged: timestamp,
    };
    expect((await call('GET', '/v2/pods/g/p::status')).body).toEqual(status);
    expect((await call('GET', '/v2/pods/::status')).body).toEqual([status]);
    expect((await call('GET', '/v2/groups/g')).body.pods).toEqual([status]);
    expect((await call('GET', '/v2/groups/g?embed=group.pods')).body.pods).toEqual([status]);
    expect((await call('GET', '/v2/groups/g?embed=group.apps')).body.pods).toEqual([]);
    const [version] = (await call('GET', '/v2/groups/g/versions')).body as unknown as string[];
    expect((await call('GET', `/v2/groups/g/versions/${version}`)).body.pods).toEqual([status]);
  });

  it('answers a kill that names no instance of it', async () => {
    await added(idle('/p'));
    expect(await call('DELETE', '/v2/pods/p::instances/p.instance-x')).toMatchObject({
      status: 404,
      body: { message: "Instance 'p.instance-x' does not exist" },
    });
    expect(await call('DELETE', '/v2/pods/p::instances', ['p.instance-x'])).toMatchObject({
      status: 200,
      body: [],
    });
    expect(await call('DELETE', '/v2/pods/p::instances', { ids: [] })).toMatchObject({
      status: 422,
      body: { details: [{ path: '/', errors: ['error.expected.jsarray'] }] },
    });
    expect(await call('DELETE', '/v2/pods/p::instances', ['x', 1])).toMatchObject({
      status: 422,
      body: { details: [{ path: '(1)', errors: ['error.expected.jsstring'] }] },
    });
  });

  it('is not there: 404 for every method', async () => {
    const missing = { status: 404, body: { message: 'pod with /no/such does not exist' } };
    for (const path of ['', '::versions', '::status']) {
      expect(await call('GET', `/v2/pods/no/such${path}`)).toMatchObject(missing);
    }
    for (const path of ['', '::instances/x', '::instances']) {
      expect(await call('DELETE', `/v2/pods/no/such${path}`)).toMatchObject(missing);
    }
    expect(await call('GET', '/v2/pods/no/such::versions/2026-01-02T03:04:05Z')).toMatchObject({
      status: 404,
      body: { message: 'pod with /no/such does not exist in version 2026-01-02T03:04:05.000Z' },
    });
  });

  it('is replaced as a whole by PUT: what is not given has its default again', async () => {
    const { version } = await added(idle('/p', { labels: { a: 'b' }, user: 'nobody' }));
    const { status, headers, body } = await call('PUT', '/v2/pods/p', idle('/p', { user: 'root' }));
    expect([status, headers['marathon-deployment-id']]).toEqual([200, uuid]);
    expect(body).toMatchObject({ id: '/p', user: 'root', version: timestamp });
    expect(body).not.toHaveProperty('labels');
    expect(String(body.version) > String(version)).toBe(true);
  });

  it('keeps its version when a PUT changes nothing', async () => {
    const before = await added(idle('/p'));
    const { status, headers, body } = await call('PUT', '/v2/pods//p', idle('/p'));
    expect([status, headers['marathon-deployment-id'], body]).toEqual([200, uuid, before]);
  });

  it('is created by PUT when it is not there', async () => {
    expect(await call('PUT', '/v2/pods/g/new', idle('/g/new'))).toMatchObject({
      status: 200,
      body: { id: '/g/new' },
    });
    await marathon.harness.deployed();
    expect((await call('GET', '/v2/pods/g/new')).status).toBe(200);
  });

  it('refuses a PUT whose body has another id', async () => {
    expect(await call('PUT', '/v2/pods/foo', idle('/bar'))).toMatchObject({
      status: 400,
      body: { message: "'/foo' does not match definition's id ('/bar')" },
    });
  });

  it('is deleted: 202 without a body, and its deployment', async () => {
    await added(idle('/p'));
    const { status, headers, body } = await call('DELETE', '/v2/pods/p');
    expect([status, body]).toEqual([202, '']);
    expect(headers.location).toBe(`${marathon.url}/${headers['marathon-deployment-id']}`);
    await marathon.harness.deployed();
    expect((await call('GET', '/v2/pods/p')).status).toBe(404);
  });

  it('has its versions, the newest first, and each of them', async () => {
    const first = await added(idle('/p'));
    const { body: second } = await call('PUT', '/v2/pods/p', idle('/p', { labels: { a: 'b' } }));
    const { body: versions } = await call('GET', '/v2/pods/p::versions');
    expect(versions).toEqual([second.version, first.version]);
    for (const pod of [first, second]) {
      expect((await call('GET', `/v2/pods/p::versions/${pod.version}`)).body).toEqual(pod);
    }
    expect(await call('GET', '/v2/pods/p::versions/yesterday')).toMatchObject({
      status: 422,
      body: { message: "Invalid timestamp provided 'yesterday'. Expecting ISO-8601 datetime string." },
    });
  });

  it('goes with its group, and stays as it is when the group is given apps and pods', async () => {
    await added(idle('/g/p'));
    const app = { id: 'a', cmd: 'sleep 9', instances: 0 };
    expect((await call('PUT', '/v2/groups/g', { apps: [app], pods: [idle('/g/q')] })).status).toBe(200);
    await marathon.harness.deployed();
    expect((await call('GET', '/v2/pods')).body).toMatchObject([{ id: '/g/p' }]);
    await call('DELETE', '/v2/groups/g');
    await marathon.harness.deployed();
    expect((await call('GET', '/v2/pods/g/p')).status).toBe(404);
  });

  it('waits in the queue with its definition', async () => {
    await call('POST', '/v2/pods', idle('/p', { scaling: { instances: 99 } }));
    const { queue = [] } = (await call('GET', '/v2/queue')).body;
    expect(queue.map(({ pod }) => pod)).toMatchObject([{ id: '/p', scaling: { instances: 99 } }]);
  });
});
