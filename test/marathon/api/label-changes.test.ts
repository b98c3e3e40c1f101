import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ServedMarathon, serveMarathon } from './served-marathon.ts';

let marathon: ServedMarathon;

const app = { id: '/web', cmd: 'sleep 600', cpus: 0.1, mem: 16, labels: { tier: 'a' } };
const call: ServedMarathon['call'] = (...request) => marathon.call(...request);

beforeEach(async () => {
  marathon = await serveMarathon();
  await call('POST', '/v2/apps', app);
  await marathon.harness.deployed();
});

afterEach(() => marathon.close());

const tasks = async () => (await call('GET', '/v2/apps/web/tasks')).body.tasks ?? [];

describe('restartOnLabelChange=false', () => {
  it('changes the labels and leaves the tasks as they are, under their own version', async () => {
    const [before] = await tasks();
    const path = '/v2/apps/web?restartOnLabelChange=false';
    expect((await call('PUT', `${path}&dryRun=true`, { labels: { tier: 'b' } })).body).toMatchObject({
      steps: [],
      diff: [{ id: '/web', changes: [{ path: '/labels/tier', before: 'a', after: 'b' }] }],
    });
    expect((await call('PUT', path, { labels: { tier: 'b' } })).status).toBe(200);
    await marathon.harness.deployed();
    const { body } = await call('GET', '/v2/apps/web');
    expect(body.app).toMatchObject({ labels: { tier: 'b' }, tasksRunning: 1 });
    const [after] = await tasks();
    expect([after?.id, after?.version]).toEqual([before?.id, before?.version]);
    expect(body.app?.version).not.toBe(after?.version);
    expect((await call('GET', '/v2/apps/web/versions')).body.versions).toHaveLength(2);
  });

  it('gives the new labels to what is launched later', async () => {
    const [before] = await tasks();
    await call('PUT', '/v2/groups?restartOnLabelChange=false', {
      apps: [{ ...app, labels: { tier: 'b' }, instances: 2 }],
    });
    await marathon.harness.deployed();
    const after = await tasks();
    const version = (await call('GET', '/v2/apps/web')).body.app?.version;
    expect(after.map((task) => task.version).sort()).toEqual([before?.version, version]);
  });

  it('restarts all the same when more than labels changes', async () => {
    const [before] = await tasks();
    await call('PUT', '/v2/apps/web?restartOnLabelChange=false', { labels: { tier: 'b' }, mem: 32 });
    await marathon.harness.deployed();
    expect((await tasks())[0]?.id).not.toBe(before?.id);
  });

  it('is asked for: a change of labels restarts by default, as it does in Marathon', async () => {
    const [before] = await tasks();
    await call('PUT', '/v2/apps/web', { labels: { tier: 'b' } });
    await marathon.harness.deployed();
    expect((await tasks())[0]?.id).not.toBe(before?.id);
  });
});
