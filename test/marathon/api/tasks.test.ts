import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Body, type ServedMarathon, serveMarathon } from './served-marathon.ts';

let marathon: ServedMarathon;

beforeEach(async () => {
  marathon = await serveMarathon();
});

afterEach(() => marathon.close());

const call: ServedMarathon['call'] = (...request) => marathon.call(...request);
const running = async (...apps: { id: string; instances?: number }[]): Promise<void> => {
  for (const app of apps) {
    await call('POST', '/v2/apps', { cmd: 'sleep 600', cpus: 0.1, mem: 16, ...app });
  }
  await marathon.harness.deployed();
};
const tasks = async (path = '/v2/tasks') => (await call('GET', path)).body.tasks ?? [];
const ids = (members: readonly Body[] = []): string[] => members.map(({ id = '' }) => id);
const again = (count: number) =>
  marathon.harness.until(
    `${count} tasks run again`,
    () =>
      marathon.harness.master.runningTasks().filter(({ state }) => state === 'TASK_RUNNING').length === count,
  );

describe('lists of tasks', () => {
  it('hold all tasks, or those of an app or a group, or those in a state', async () => {
    await running({ id: '/a', instances: 2 }, { id: '/g/b' });
    expect(await tasks()).toHaveLength(3);
    expect(await tasks('/v2/tasks?status=running')).toHaveLength(3);
    expect(await tasks('/v2/tasks?status[]=staging')).toEqual([]);
    expect((await tasks('/v2/apps/a/tasks')).map(({ appId }) => appId)).toEqual(['/a', '/a']);
    expect((await tasks('/v2/apps/g/*/tasks')).map(({ appId }) => appId)).toEqual(['/g/b']);
    expect((await call('GET', '/v2/apps/nope/tasks')).status).toBe(404);
  });

  it('hold nothing for instances that only wait for an offer', async () => {
    await call('POST', '/v2/apps', { id: '/big', cmd: 'sleep 600', cpus: 1000 });
    await marathon.harness.pass(2000);
    expect(await tasks('/v2/apps/big/tasks')).toEqual([]);
  });

  it('are plain text for scripts that ask for it: app, service port, addresses', async () => {
    await running({ id: '/g/b' }, { id: '/a' });
    const { body } = await call('GET', '/v2/tasks', undefined, { accept: 'text/plain' });
    const lines = String(body).split('\n');
    expect(lines[0]).toMatch(/^a\t10001\tagent-\d\.example:\d+$/);
    expect(lines[1]).toMatch(/^g_b\t10000\tagent-\d\.example:\d+$/);
    expect(lines[2]).toBe('');
  });
});

describe('killing tasks', () => {
  it('has each replaced by the next task of the same instance', async () => {
    await running({ id: '/a', instances: 2 });
    const before = ids(await tasks());
    const { status, body } = await call('DELETE', '/v2/apps/a/tasks');
    expect(status).toBe(200);
    expect(ids(body.tasks).sort()).toEqual([...before].sort());
    await marathon.harness.pass(1000);
    await again(2);
    await marathon.harness.pass(100);
    expect(ids(await tasks()).sort()).toEqual(before.map((id) => id.replace(/1$/, '2')).sort());
  });

  it('of a host kills no others', async () => {
    await running({ id: '/a', instances: 4 });
    const [{ host } = { host: '' }] = await tasks();
    const there = (await tasks()).filter((task) => task.host === host);
    const { body } = await call('DELETE', `/v2/apps/a/tasks?host=${host}`);
    expect(ids(body.tasks).sort()).toEqual(ids(there).sort());
    expect((await call('DELETE', '/v2/apps/a/tasks?host=nowhere')).body).toEqual({ tasks: [] });
  });

  it('with wipe has a new instance made', async () => {
    await running({ id: '/a' });
    const [before = ''] = ids(await tasks());
    const { body } = await call('DELETE', `/v2/apps/a/tasks/${before}?wipe=True`);
    expect(body.task).toMatchObject({ id: before });
    await marathon.harness.pass(1000);
    await again(1);
    const instance = (id: string) => id.split('._app')[0];
    await marathon.harness.pass(100);
    expect(ids(await tasks()).map(instance)).not.toContain(instance(before));
  });

  it('with scale is a deployment that makes the app smaller by them', async () => {
    await running({ id: '/a', instances: 3 });
    const [first = '', ...others] = ids(await tasks());
    const { body } = await call('DELETE', `/v2/apps/a/tasks/${first}?scale=true`);
    expect(body).toEqual({ version: expect.any(String), deploymentId: expect.any(String) });
    await marathon.harness.deployed();
    expect(ids(await tasks()).sort()).toEqual(others.sort());
    expect((await call('GET', '/v2/apps/a')).body.app).toMatchObject({ instances: 2 });
  });

  it('by ids takes those of several apps, and passes over unknown ones', async () => {
    await running({ id: '/a', instances: 2 }, { id: '/b' });
    const [one = '', , other = ''] = ids(await tasks());
    const unknown = 'a.instance-00000000-0000-0000-0000-000000000000._app.1';
    const { body } = await call('POST', '/v2/tasks/delete?scale=True', { ids: [one, other, unknown] });
    expect(body).toHaveProperty('deploymentId');
    await marathon.harness.deployed();
    expect(await tasks()).toHaveLength(1);
    expect((await call('POST', '/v2/tasks/delete', { ids: [unknown] })).body).toEqual({ tasks: [] });
  });

  it('refuses what makes no sense', async () => {
    await running({ id: '/a' });
    expect(await call('DELETE', '/v2/apps/a/tasks?scale=true&wipe=true')).toMatchObject({
      status: 400,
      body: { message: 'You cannot use scale and wipe at the same time.' },
    });
    const invalid = await call('POST', '/v2/tasks/delete', { ids: ['x'] });
    expect(invalid.status).toBe(400);
    expect(invalid.body.message).toMatch(/^Invalid task id 'x'\. /);
    expect((await call('POST', '/v2/tasks/delete', {})).body.details).toEqual([
      { path: '/ids', errors: ['error.path.missing'] },
    ]);
    expect(await call('DELETE', '/v2/apps/a/tasks/a.nope')).toMatchObject({
      status: 404,
      body: { message: "Task 'a.nope' does not exist" },
    });
    expect((await call('DELETE', '/v2/apps/nope/tasks')).status).toBe(404);
  });
});
