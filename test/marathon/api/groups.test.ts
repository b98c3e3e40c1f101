import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { targetOf } from '../../../src/marathon/engine.ts';
import { type Body, type ServedMarathon, serveMarathon } from './served-marathon.ts';

let marathon: ServedMarathon;

beforeEach(async () => {
  marathon = await serveMarathon();
});

afterEach(() => marathon.close());

const call: ServedMarathon['call'] = (...request) => marathon.call(...request);
const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(join(import.meta.dirname, '..', 'fixtures', name), 'utf8'));
const app = (id: string, more: object = {}) => ({ id, cmd: 'sleep 600', cpus: 0.1, mem: 16, ...more });
const added = async (group: object): Promise<void> => {
  expect((await call('POST', '/v2/groups', group)).status).toBe(201);
  await marathon.harness.deployed();
};
const ids = (members: readonly Body[] = []) => members.map(({ id }) => id);
const plan = { version: expect.any(String), deploymentId: expect.any(String) };

describe('POST /v2/groups', () => {
  it('creates a group with all that is in it: 201, where it is, and its deployment', async () => {
    const { status, headers, body } = await call('POST', '/v2/groups', fixture('group-02-enforce-role.json'));
    expect([status, headers.location, body]).toEqual([201, `${marathon.url}/dev`, plan]);
    expect(headers['marathon-deployment-id']).toBe(body.deploymentId);
    await marathon.harness.deployed();
    expect((await call('GET', '/v2/apps/dev/hello')).body.app).toMatchObject({
      role: 'dev',
      tasksRunning: 1,
    });
  });

  it('deploys what others depend on first', async () => {
    await call('POST', '/v2/groups', {
      id: '/shop',
      groups: [
        { id: 'web', dependencies: ['../db'], apps: [app('front')] },
        { id: 'db', apps: [app('redis')] },
      ],
    });
    const [{ steps } = { steps: [] }] = marathon.harness.engine.deployments();
    expect(steps.slice(1).map(({ actions }) => actions.map(targetOf))).toEqual([
      ['/shop/db/redis'],
      ['/shop/web/front'],
    ]);
  });

  it('resolves relative ids against the group of the path', async () => {
    await added({ id: '/a' });
    expect((await call('POST', '/v2/groups/a', { id: 'b', apps: [app('c')] })).headers.location).toBe(
      `${marathon.url}/a/b`,
    );
    expect((await call('GET', '/v2/apps/a/b/c')).status).toBe(200);
  });

  it('answers an id that there is with 409', async () => {
    await added({ id: '/g', apps: [app('a')] });
    expect(await call('POST', '/v2/groups', { id: '/g' })).toMatchObject({
      status: 409,
      body: { message: 'Group /g is already created. Use PUT to change this group.' },
    });
    expect(await call('POST', '/v2/groups', { id: '/g/a' })).toMatchObject({
      status: 409,
      body: { message: 'An app with the path /g/a already exists.' },
    });
  });

  it('refuses dependencies in a circle, and makes nothing of it', async () => {
    const circle = [app('a', { dependencies: ['b'] }), app('b', { dependencies: ['a'] })];
    expect(await call('POST', '/v2/groups', { id: '/g', apps: circle })).toMatchObject({
      status: 422,
      body: {
        message: 'Object is not valid',
        details: [{ path: '/', errors: ['Dependency graph has cyclic dependencies.'] }],
      },
    });
    expect((await call('GET', '/v2/groups/g')).status).toBe(404);
  });
});

describe('GET /v2/groups', () => {
  it('shows groups in groups, with their apps, and every collection even when it is empty', async () => {
    await added({
      id: '/a',
      apps: [app('one')],
      groups: [{ id: 'b', dependencies: ['../one'], apps: [app('two')] }],
    });
    const { body } = await call('GET', '/v2/groups');
    expect(body).toMatchObject({ id: '/', apps: [], pods: [], dependencies: [], groups: [{ id: '/a' }] });
    expect(body).not.toHaveProperty('enforceRole');
    const group = body.groups?.[0];
    expect(group).toMatchObject({ pods: [], apps: [{ id: '/a/one' }] });
    // marathon-python takes no group that has it.
    expect(group).not.toHaveProperty('enforceRole');
    expect(group?.groups?.[0]).toMatchObject({ id: '/a/b', dependencies: ['/a/one'], groups: [] });
    expect(group?.apps?.[0]).not.toHaveProperty('tasksRunning');
  });

  it('shows only what is asked for once something is', async () => {
    await added({ id: '/a', apps: [app('one')], groups: [{ id: 'b' }] });
    const groupsOnly = (await call('GET', '/v2/groups/a?embed=group.groups')).body;
    expect([ids(groupsOnly.groups), ids(groupsOnly.apps)]).toEqual([['/a/b'], []]);
    const polled = await call(
      'GET',
      '/v2/groups?embed=group.groups&embed=group.apps&embed=group.apps.deployments&embed=group.apps.counts&embed=group.apps.readiness',
    );
    expect(polled.body.groups?.[0]?.apps?.[0]).toMatchObject({
      tasksRunning: 1,
      deployments: [],
      readinessCheckResults: [],
    });
  });

  it('lists the apps of a group alone', async () => {
    await added({ id: '/a', apps: [app('one')], groups: [{ id: 'b', apps: [app('two')] }] });
    expect((await call('GET', '/v2/groups/a/apps')).body).toMatchObject([{ id: '/a/one', tasksRunning: 1 }]);
    expect((await call('GET', '/v2/groups/nope/apps')).status).toBe(404);
    expect((await call('GET', '/v2/groups/nope')).body).toEqual({
      message: "Group '/nope' does not exist",
      details: [],
    });
  });

  it('lists versions newest first, and shows each as it was', async () => {
    await added({ id: '/a', apps: [app('one')] });
    await call('PUT', '/v2/groups/a', { scaleBy: 2 });
    await marathon.harness.deployed();
    await added({ id: '/other' });
    const { body } = await call('GET', '/v2/groups/a/versions');
    const versions = body as unknown as string[];
    expect(versions).toEqual([...versions].sort().reverse());
    expect(versions).toHaveLength(2);
    const { body: earlier } = await call('GET', `/v2/groups/a/versions/${versions[1]}`);
    expect(earlier).toMatchObject({ id: '/a', apps: [{ id: '/a/one', instances: 1 }] });
    expect((await call('GET', '/v2/groups/a/versions/2001-01-01T00:00:00Z')).status).toBe(404);
    expect((await call('GET', '/v2/groups/versions')).status).toBe(200);
  });
});

describe('PUT /v2/groups/{id}', () => {
  it('takes away what its lists do not name', async () => {
    await added({ id: '/g', apps: [app('a'), app('b')] });
    const { status, body } = await call('PUT', '/v2/groups/g', { apps: [app('b'), app('c')] });
    expect([status, body]).toEqual([200, plan]);
    await marathon.harness.deployed();
    expect(ids((await call('GET', '/v2/groups/g')).body.apps)).toEqual(['/g/b', '/g/c']);
  });

  it('scales all that is below', async () => {
    await added({ id: '/g', apps: [app('a', { instances: 3 })] });
    expect((await call('PUT', '/v2/groups/g', fixture('group-03-scale.json'))).body).toEqual(plan);
    expect((await call('GET', '/v2/apps/g/a')).body.app).toMatchObject({ instances: 5 });
  });

  it('goes back to an earlier version', async () => {
    await added({ id: '/g', apps: [app('a'), app('b')] });
    const { version } = (await call('GET', '/v2/groups/g')).body;
    await call('PUT', '/v2/groups/g', { apps: [app('a', { instances: 2 }), app('c')] });
    await marathon.harness.deployed();
    expect((await call('PUT', '/v2/groups/g', { version })).body).toEqual(plan);
    const { apps = [] } = (await call('GET', '/v2/groups/g')).body;
    expect(apps.map(({ id, instances }) => [id, instances]).sort()).toEqual([
      ['/g/a', 1],
      ['/g/b', 1],
    ]);
    expect(await call('PUT', '/v2/groups/g', fixture('group-04-rollback.json'))).toMatchObject({
      status: 422,
      body: { message: 'Group /g not available in version 2026-01-02T03:04:05.678Z' },
    });
  });

  it('refuses to mix scaling or going back with anything else', async () => {
    for (const alone of [{ scaleBy: 2 }, { version: '2026-01-02T03:04:05.678Z' }]) {
      const { status, body } = await call('PUT', '/v2/groups/g', { ...alone, apps: [] });
      expect(status).toBe(422);
      expect(JSON.stringify(body.details)).toContain('not allowed in conjunction with other properties.');
    }
  });

  it('with dryRun tells the steps and changes nothing', async () => {
    const { status, body } = await call('PUT', '/v2/groups/g?dryRun=true', { apps: [app('a')] });
    expect([status, body]).toEqual([
      200,
      {
        steps: [
          { actions: [{ action: 'StartApplication', app: '/g/a' }] },
          { actions: [{ action: 'ScaleApplication', app: '/g/a' }] },
        ],
        diff: [{ id: '/g/a', kind: 'create', changes: [] }],
      },
    ]);
    expect((await call('GET', '/v2/groups/g')).status).toBe(404);
    expect((await call('PUT', '/v2/groups/g?dryRun=true', { apps: [app('a', { cmd: 'x' })] })).status).toBe(
      422,
    );
  });

  it('is refused while a deployment holds one of its apps', async () => {
    await call('POST', '/v2/groups', { id: '/g', apps: [app('a', { cpus: 1000 })] });
    const [{ id } = { id: '' }] = marathon.harness.engine.deployments();
    expect(await call('PUT', '/v2/groups/g', { scaleBy: 2 })).toMatchObject({
      status: 409,
      body: { deployments: [{ id }] },
    });
    expect((await call('PUT', '/v2/groups/g?force=true', { scaleBy: 2 })).status).toBe(200);
  });
});

describe('PATCH and DELETE', () => {
  it('PATCH has a top-level group enforce its role, without touching what runs', async () => {
    await added({ id: '/g', apps: [app('a')], groups: [{ id: 'h' }] });
    const { status, body } = await call('PATCH', '/v2/groups/g', { enforceRole: true });
    expect([status, body]).toEqual([200, '']);
    await marathon.harness.deployed();
    expect((await call('GET', '/v2/groups/g')).body).toMatchObject({ enforceRole: true });
    expect((await call('GET', '/v2/apps/g/a')).body.app).toMatchObject({ role: '*', tasksRunning: 1 });
    await call('POST', '/v2/apps', app('/g/b'));
    expect((await call('GET', '/v2/apps/g/b')).body.app).toMatchObject({ role: 'g' });
    expect((await call('PATCH', '/v2/groups/g/h', { enforceRole: true })).status).toBe(422);
    expect((await call('PATCH', '/v2/groups/nope', { enforceRole: true })).status).toBe(404);
    await call('PATCH', '/v2/groups/g', { enforceRole: false });
    expect((await call('GET', '/v2/groups/g')).body).toMatchObject({ enforceRole: false });
  });

  it('DELETE takes a group away with all that is below, and of the root everything', async () => {
    await added({ id: '/g', apps: [app('a')], groups: [{ id: 'h', apps: [app('b')] }] });
    await added({ id: '/i', apps: [app('c')] });
    expect((await call('DELETE', '/v2/groups/g')).body).toEqual(plan);
    expect(ids((await call('GET', '/v2/groups')).body.groups)).toEqual(['/i']);
    expect((await call('DELETE', '/v2/groups/g')).status).toBe(404);
    expect((await call('DELETE', '/v2/groups')).body).toEqual(plan);
    expect((await call('GET', '/v2/apps')).body.apps).toEqual([]);
    await marathon.harness.deployed();
    expect(marathon.harness.master.runningTasks()).toEqual([]);
  });
});

describe('removing a group only when it is empty', () => {
  it('leaves one in which there is something, at any depth', async () => {
    await call('POST', '/v2/apps', { id: '/g/h/a', cmd: 'sleep 600', cpus: 0.1, mem: 16 });
    expect(await call('DELETE', '/v2/groups/g?onlyEmpty=true')).toMatchObject({
      status: 409,
      body: { message: 'Group /g is not empty' },
    });
    await call('DELETE', '/v2/apps/g/h/a');
    expect((await call('DELETE', '/v2/groups/g?onlyEmpty=true')).status).toBe(200);
    expect((await call('GET', '/v2/groups/g')).status).toBe(404);
  });
});
