import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ServedMarathon, serveMarathon } from './served-marathon.ts';

let marathon: ServedMarathon;

const app = (id: string, more: object = {}) => ({ id, cmd: 'sleep 600', cpus: 0.1, mem: 16, ...more });
const call: ServedMarathon['call'] = (...request) => marathon.call(...request);

beforeEach(async () => {
  marathon = await serveMarathon();
  await call('POST', '/v2/apps', app('/g/web', { instances: 2, labels: { 'a/b': '1' } }));
  await marathon.harness.deployed();
});

afterEach(() => marathon.close());

/** Asks, and sees to it that nothing has changed by it. */
const preview = async (method: string, path: string, body?: unknown) => {
  const before = await call('GET', '/v2/groups');
  const answer = await call(method, path, body);
  expect((await call('GET', '/v2/deployments')).body).toEqual([]);
  expect((await call('GET', '/v2/groups')).body).toEqual(before.body);
  expect(answer.headers).not.toHaveProperty('marathon-deployment-id');
  return { status: answer.status, ...answer.body };
};

const step = (action: string, id: string) => ({ actions: [{ action, app: id }] });

describe('dryRun=true', () => {
  it('tells what a new app would take', async () => {
    expect(await preview('POST', '/v2/apps?dryRun=true', app('/new'))).toEqual({
      status: 200,
      steps: [step('StartApplication', '/new'), step('ScaleApplication', '/new')],
      diff: [{ id: '/new', kind: 'create', changes: [] }],
    });
  });

  it('tells what an update would change, by path', async () => {
    const change = { mem: 32, constraints: [['hostname', 'UNIQUE']], labels: { c: '2' } };
    expect(await preview('PUT', '/v2/apps/g/web?dryRun=true', change)).toEqual({
      status: 200,
      steps: [step('RestartApplication', '/g/web')],
      diff: [
        {
          id: '/g/web',
          kind: 'update',
          changes: [
            { path: '/constraints', after: [['hostname', 'UNIQUE']] },
            { path: '/labels/a~1b', before: '1' },
            { path: '/labels/c', after: '2' },
            { path: '/mem', before: 16, after: 32 },
          ],
        },
      ],
    });
  });

  it('tells that nothing would change', async () => {
    const nothing = { status: 200, steps: [], diff: [] };
    expect(await preview('PUT', '/v2/apps/g/web?dryRun=true', { mem: 16 })).toEqual(nothing);
    expect(await preview('PATCH', '/v2/apps?dryRun=true', [{ id: '/g/web', mem: 16 }])).toEqual(nothing);
  });

  it('tells what scaling by kills would do, and whom a kill would hit', async () => {
    expect(await preview('DELETE', '/v2/apps/g/web/tasks?scale=true&dryRun=true')).toMatchObject({
      steps: [step('ScaleApplication', '/g/web')],
      diff: [{ changes: [{ path: '/instances', before: 2, after: 0 }] }],
    });
    const { tasks } = await preview('DELETE', '/v2/apps/g/web/tasks?dryRun=true');
    expect(tasks).toHaveLength(2);
    expect((await call('GET', '/v2/apps/g/web/tasks')).body.tasks?.map(({ id }) => id)).toEqual(
      tasks?.map(({ id }) => id),
    );
  });

  it('is there for restarts, for what is deleted, and for groups', async () => {
    expect(await preview('POST', '/v2/apps/g/web/restart?dryRun=true')).toEqual({
      status: 200,
      steps: [step('RestartApplication', '/g/web')],
      diff: [{ id: '/g/web', kind: 'update', changes: [] }],
    });
    const gone = { steps: [step('StopApplication', '/g/web')], diff: [{ id: '/g/web', kind: 'delete' }] };
    expect(await preview('DELETE', '/v2/apps/g/web?dryRun=true')).toMatchObject(gone);
    expect(await preview('DELETE', '/v2/groups/g?dryRun=true')).toMatchObject(gone);
    expect(await preview('POST', '/v2/groups?dryRun=true', { id: '/h', apps: [app('x')] })).toMatchObject({
      status: 200,
      diff: [{ id: '/h/x', kind: 'create' }],
    });
  });

  it('refuses what the change itself would refuse', async () => {
    expect(await preview('PUT', '/v2/apps/g/web?dryRun=true', { mem: -1 })).toMatchObject({ status: 422 });
    expect(await preview('DELETE', '/v2/apps/none?dryRun=true')).toMatchObject({ status: 404 });
    expect(await preview('POST', '/v2/apps?dryRun=true', app('/g/web'))).toMatchObject({ status: 409 });
  });

  it('names the deployments in the way, and shows what undoing one would do', async () => {
    const { body } = await call('PUT', '/v2/apps/g/web', { cpus: 1000 });
    const scaling = await call('PUT', '/v2/apps/g/web?dryRun=true', { instances: 3 });
    expect(scaling).toMatchObject({ status: 200, body: { lockedBy: [body.deploymentId] } });
    const undoing = await call('DELETE', `/v2/deployments/${body.deploymentId}?dryRun=true`);
    expect(undoing.body).toMatchObject({
      diff: [{ id: '/g/web', changes: [{ path: '/cpus', before: 1000, after: 0.1 }] }],
    });
    expect((await call('GET', '/v2/deployments')).body).toMatchObject([{ id: body.deploymentId }]);
    expect((await call('DELETE', '/v2/deployments/none?dryRun=true')).status).toBe(404);
  });
});
