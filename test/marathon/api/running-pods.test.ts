import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Body, type ServedMarathon, serveMarathon } from './served-marathon.ts';

let marathon: ServedMarathon;

const containers = [
  {
    name: 'web',
    resources: { cpus: 0.1, mem: 32 },
    exec: { command: { shell: 'sleep 9' } },
    endpoints: [{ name: 'http', hostPort: 0 }],
  },
  { name: 'log', resources: { cpus: 0.1, mem: 32 }, exec: { command: { shell: 'sleep 9' } } },
];
const pair = (instances: number, more: object = {}) => ({
  id: '/g/pair',
  containers,
  scaling: { kind: 'fixed', instances },
  ...more,
});

beforeEach(async () => {
  marathon = await serveMarathon();
  expect((await call('POST', '/v2/pods', pair(2))).status).toBe(201);
  await marathon.harness.deployed();
});

afterEach(() => marathon.close());

const call: ServedMarathon['call'] = (...request) => marathon.call(...request);
const statusOf = async (): Promise<Body & { instances: readonly Body[] }> => {
  const { body } = await call('GET', '/v2/pods/g/pair::status');
  return body as Body & { instances: readonly Body[] };
};
const instanceIds = async () => (await statusOf()).instances.map(({ id = '' }) => id);
const runningTasks = () => marathon.harness.master.runningTasks().map(({ info }) => info.task_id.value);
const timestamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

describe('a pod that runs', () => {
  it('shows where its containers run and how they are reached', async () => {
    const { status, spec, instances } = await statusOf();
    expect(status).toBe('STABLE');
    expect(instances).toHaveLength(2);
    const [{ id, ...instance } = { id: '' }] = instances;
    expect(instance).toMatchObject({
      status: 'STABLE',
      agentHostname: expect.any(String),
      agentId: expect.stringMatching(/^agent-/),
      resources: { cpus: expect.closeTo(0.3), mem: 96, disk: 10, gpus: 0 },
      specReference: `/v2/pods/g/pair::versions/${(spec as Body).version}`,
      role: '*',
      containers: [
        {
          name: 'web',
          status: 'TASK_RUNNING',
          containerId: `${id}.web.1`,
          endpoints: [{ name: 'http', allocatedHostPort: expect.any(Number) }],
        },
        { name: 'log', status: 'TASK_RUNNING', containerId: `${id}.log.1`, endpoints: [] },
      ],
    });
    const { gauges } = (await call('GET', '/metrics')).body;
    expect(gauges).toMatchObject({
      'marathon.pods.active.gauge': { value: 1 },
      'marathon.instances.running.gauge': { value: 2 },
    });
  });

  it('has no tasks as apps have them', async () => {
    expect((await call('GET', '/v2/tasks')).body.tasks).toEqual([]);
    expect((await call('GET', '/v2/apps')).body.apps).toEqual([]);
    expect((await call('GET', '/v2/apps/g/pair')).status).toBe(404);
    expect((await call('DELETE', '/v2/apps/g/pair')).status).toBe(404);
  });

  it('has an instance that is killed replaced under its id', async () => {
    const [id = ''] = await instanceIds();
    const { status, body } = await call('DELETE', `/v2/pods/g/pair::instances/${id}`);
    expect(status).toBe(200);
    expect(body).toEqual({
      instanceId: id,
      state: { condition: 'Running', since: timestamp, activeSince: timestamp, goal: 'Running' },
      agentInfo: { host: expect.any(String), agentId: expect.any(String), attributes: expect.any(Array) },
      runSpecVersion: expect.any(String),
      unreachableStrategy: { inactiveAfterSeconds: 0, expungeAfterSeconds: 0 },
    });
    await marathon.harness.until('it runs again', () =>
      [`${id}.web.2`, `${id}.log.2`].every((task) => runningTasks().includes(task)),
    );
    expect(runningTasks()).toHaveLength(4);
  });

  it('has instances that are wiped replaced by new ones', async () => {
    const ids = await instanceIds();
    const { body } = await call('DELETE', '/v2/pods/g/pair::instances?wipe=true', [...ids, 'unknown']);
    expect((body as unknown as Body[]).map(({ instanceId }) => instanceId)).toEqual(ids);
    await marathon.harness.until(
      'others run',
      () =>
        runningTasks().length === 4 && !runningTasks().some((task) => ids.some((id) => task.startsWith(id))),
    );
  });

  it('tells with dryRun which instances would be killed, and leaves them', async () => {
    const [id = ''] = await instanceIds();
    const { body } = await call('DELETE', `/v2/pods/g/pair::instances/${id}?dryRun=true`);
    expect(body.instanceId).toBe(id);
    await marathon.harness.pass(10_000);
    expect(runningTasks()).toContain(`${id}.web.1`);
  });

  it('is scaled without a restart by a PUT that says nothing else', async () => {
    const before = runningTasks();
    expect((await call('PUT', '/v2/pods/g/pair', pair(3))).status).toBe(200);
    await marathon.harness.deployed();
    expect(runningTasks()).toEqual(expect.arrayContaining(before));
    expect((await statusOf()).instances).toHaveLength(3);
  });

  it('is replaced, instance by instance, when something else in it changes', async () => {
    const before = runningTasks();
    await call('PUT', '/v2/pods/g/pair', pair(2, { environment: { LEVEL: 'debug' } }));
    await marathon.harness.deployed();
    expect(runningTasks()).toHaveLength(4);
    expect(runningTasks().filter((task) => before.includes(task))).toEqual([]);
  });

  it('is terminal while it is torn down, and then gone', async () => {
    expect((await call('DELETE', '/v2/pods/g/pair')).status).toBe(202);
    expect((await statusOf()).status).toBe('TERMINAL');
    expect((await call('GET', '/v2/pods/::status')).body).toEqual([]);
    await marathon.harness.deployed();
    expect((await call('GET', '/v2/pods/g/pair::status')).status).toBe(404);
    expect(runningTasks()).toEqual([]);
  });

  it('says why it waits, in the queue and of its deployment', async () => {
    const { headers } = await call('PUT', '/v2/pods/g/pair', pair(500));
    await marathon.harness.pass(60_000);
    const { why } = (await call('GET', `/v2/deployments/${headers['marathon-deployment-id']}`)).body;
    expect(String(why)).toMatch(/\/g\/pair/);
    const { queue: [item] = [] } = (await call('GET', '/v2/queue')).body;
    expect(item).toMatchObject({ pod: { id: '/g/pair' }, role: '*' });
    expect(String(item?.why)).toMatch(/cpus|mem/);
  });

  it('says of its deployment which container keeps it waiting', async () => {
    const exec = { command: { shell: 'true' } };
    const checked = [{ ...containers[0], healthCheck: { exec } }, containers[1]];
    const { headers } = await call('PUT', '/v2/pods/g/pair', pair(2, { containers: checked }));
    await marathon.harness.pass(5_000);
    const deployment = `/v2/deployments/${headers['marathon-deployment-id']}`;
    const { why } = (await call('GET', deployment)).body;
    expect(why).toEqual([
      expect.stringMatching(
        /^\/g\/pair: \d whose container web has no answer of its health check: g_pair\.instance-/,
      ),
    ]);
  });

  it('is scaled down by a kill of one of its tasks that asks for it', async () => {
    const [id = '', other = ''] = await instanceIds();
    const { body } = await call('POST', '/v2/tasks/delete?scale=true', { ids: [`${id}.web.1`] });
    expect(body).toEqual({ version: timestamp, deploymentId: expect.any(String) });
    await marathon.harness.deployed();
    expect((await call('GET', '/v2/pods/g/pair')).body.scaling).toEqual({ kind: 'fixed', instances: 1 });
    expect(runningTasks().sort()).toEqual([`${other}.log.1`, `${other}.web.1`]);
  });

  it('goes on as it is when only its labels change and that is asked for', async () => {
    const before = runningTasks();
    const labelled = pair(2, { labels: { tier: 'front' } });
    expect((await call('PUT', '/v2/pods/g/pair?restartOnLabelChange=false', labelled)).status).toBe(200);
    await marathon.harness.deployed();
    expect(runningTasks()).toEqual(before);
    expect((await call('GET', '/v2/pods/g/pair')).body.labels).toEqual({ tier: 'front' });
  });

  it('is put back when its deployment makes no progress for as long as it may', async () => {
    const path = '/v2/pods/g/pair?deadlineSeconds=30&onDeadline=rollback';
    expect((await call('PUT', path, pair(500))).status).toBe(200);
    await marathon.harness.pass(120_000);
    await marathon.harness.deployed();
    expect((await call('GET', '/v2/pods/g/pair')).body.scaling).toEqual({ kind: 'fixed', instances: 2 });
  });

  it('is put back when its deployment is undone', async () => {
    const { headers } = await call('PUT', '/v2/pods/g/pair', pair(500));
    const undone = await call('DELETE', `/v2/deployments/${headers['marathon-deployment-id']}`);
    expect(undone).toMatchObject({ status: 200, body: { deploymentId: expect.any(String) } });
    await marathon.harness.deployed();
    expect((await statusOf()).instances).toHaveLength(2);
  });
});

describe('a pod with a persistent volume', () => {
  const resident = {
    id: '/prod/state',
    role: 'prod',
    volumes: [{ name: 'keep', persistent: { size: 16 } }],
    containers: [{ ...containers[1], volumeMounts: [{ name: 'keep', mountPath: 'data' }] }],
  };
  const volumeOf = async (): Promise<{ id: string; uuid: string }> => {
    const { instances } = (await call('GET', '/v2/pods/prod/state::status')).body as {
      instances?: { id: string; localVolumes: { uuid: string }[] }[];
    };
    const [{ id, localVolumes } = { id: '', localVolumes: [] }] = instances ?? [];
    return { id, uuid: localVolumes[0]?.uuid ?? '' };
  };

  it('keeps its data when an instance is killed, and loses it when that is wiped', async () => {
    expect((await call('POST', '/v2/pods', resident)).status).toBe(201);
    await marathon.harness.deployed();
    const first = await volumeOf();
    expect(first.uuid).toMatch(/^[0-9a-f-]{36}$/);

    await call('DELETE', `/v2/pods/prod/state::instances/${first.id}`);
    await marathon.harness.until('it runs again', () => runningTasks().includes(`${first.id}.log.2`));
    expect(await volumeOf()).toEqual(first);

    await call('DELETE', `/v2/pods/prod/state::instances/${first.id}?wipe=true`);
    await marathon.harness.until('another runs', () =>
      runningTasks().some((task) => task.startsWith('prod_state.') && !task.startsWith(first.id)),
    );
    const second = await volumeOf();
    expect([second.id, second.uuid]).toEqual([expect.not.stringContaining(first.id), expect.any(String)]);
    expect(second.uuid).not.toBe(first.uuid);
  });

  it('is told what of it may not change', async () => {
    expect((await call('POST', '/v2/pods', resident)).status).toBe(201);
    await marathon.harness.deployed();
    const bigger = { ...resident, volumes: [{ name: 'keep', persistent: { size: 32 } }] };
    expect(await call('PUT', '/v2/pods/prod/state', bigger)).toMatchObject({
      status: 422,
      body: {
        message: 'Object is not valid',
        details: [{ path: '/volumes', errors: ['Persistent volumes can not be changed!'] }],
      },
    });
  });
});
