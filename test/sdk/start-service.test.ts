import { afterEach, describe, expect, it } from 'vitest';
import { request } from '../../src/http/client.ts';
import type { Event } from '../../src/mesos/generated/scheduler.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { systemRandom } from '../../src/runtime/random.ts';
import { readSpec } from '../../src/sdk/service/read-spec.ts';
import type { ServiceSpec } from '../../src/sdk/service/spec.ts';
import { type RunningService, startService } from '../../src/sdk/service/start-service.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import type { OpenStore } from '../../src/store/store.ts';
import { waitFor } from '../support/wait-for.ts';
import { type FakeMaster, startFakeMaster } from './fake-master.ts';

const openThings: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const thing of openThings.splice(0).reverse()) await thing.close();
});

const spec = (count = 1): ServiceSpec =>
  readSpec({
    name: 'it.yml',
    text: `
name: it
templates: { address: "http://{{WEB_0_SERVER_HOST}}:{{WEB_0_SERVER_PORT_HTTP}}/" }
pods:
  web:
    count: ${count}
    tasks:
      server: { goal: RUNNING, cmd: serve, cpus: 0.5, memory: 32, ports: { http: {} } }
endpoints: { address: { template: address } }
`,
    variables: {},
    defaultUser: 'me',
  });

interface Started {
  readonly master: FakeMaster;
  readonly service: RunningService;
  readonly store: OpenStore;
  readonly ends: string[];
}

const start = async (
  master: FakeMaster,
  { store = memoryStore(), description = spec() } = {},
): Promise<Started> => {
  const ends: string[] = [];
  const service = await startService({
    spec: description,
    masterUrls: [master.url],
    hosts: ['127.0.0.1'],
    port: 0,
    hostnames: [],
    store,
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
    onEnded: (reason) => ends.push(reason),
  });
  openThings.push(service);
  return { master, service, store, ends };
};

const startMaster = async (): Promise<FakeMaster> => {
  const master = await startFakeMaster();
  openThings.push(master);
  return master;
};

const offer: Event = {
  type: 'OFFERS',
  offers: {
    offers: [
      {
        id: { value: 'o1' },
        framework_id: { value: 'master-0000' },
        agent_id: { value: 'S0' },
        hostname: '127.0.0.1',
        resources: [
          { name: 'cpus', type: 'SCALAR', scalar: { value: 2 }, allocation_info: { role: 'it-role' } },
          { name: 'mem', type: 'SCALAR', scalar: { value: 512 }, allocation_info: { role: 'it-role' } },
          {
            name: 'ports',
            type: 'RANGES',
            ranges: { range: [{ begin: 4000, end: 4000 }] },
            allocation_info: { role: 'it-role' },
          },
        ],
      },
    ],
  },
};

const toldEverything = (master: FakeMaster): void =>
  master.send({
    type: 'UPDATE',
    update: { status: { task_id: { value: 'last-asked' }, state: 'TASK_UNKNOWN', source: 'SOURCE_MASTER' } },
  });

const launched = async (master: FakeMaster): Promise<string> => {
  await waitFor('it asks what there is', () => master.ofType('RECONCILE').length > 0);
  toldEverything(master);
  await waitFor('it asks for offers', () => master.ofType('REVIVE').length > 0);
  master.send(offer);
  const [accept] = await waitFor('it launches', () => {
    const accepts = master.ofType('ACCEPT');
    return accepts.length > 0 && accepts;
  });
  expect(accept?.accept.operations?.map(({ type }) => type)).toEqual(['RESERVE', 'LAUNCH']);
  const launch = accept?.accept.operations?.find((operation) => operation.type === 'LAUNCH');
  return (launch?.type === 'LAUNCH' && launch.launch.task_infos?.[0]?.task_id.value) || '';
};

const isRunning = (master: FakeMaster, id: string): void =>
  master.send({
    type: 'UPDATE',
    update: {
      status: {
        task_id: { value: id },
        agent_id: { value: 'S0' },
        state: 'TASK_RUNNING',
        source: 'SOURCE_EXECUTOR',
        uuid: 'PxyaTnstTG+KGwydjn9qWw==',
      },
    },
  });

const get = async (service: RunningService, path: string): Promise<{ status: number; body: string }> => {
  const { status, body } = await request({ url: `${service.url}${path}` });
  return { status, body: body.toString('utf8') };
};

describe('the API of a service', () => {
  it('says how far the deployment is, and is healthy when it is complete', async () => {
    const { master, service } = await start(await startMaster());
    const before = await get(service, '/v1/health');
    expect(before.status).toBe(503);
    expect(JSON.parse(before.body)).toMatchObject({ healthy: false, waitingFor: ['web-0-server PENDING'] });
    expect((await get(service, '/v1/plans/deploy')).status).toBe(202);
    expect((await get(service, '/v1/endpoints/address')).status).toBe(503);

    isRunning(master, await launched(master));
    await waitFor('it is healthy', async () => (await get(service, '/v1/health')).status === 200);
    const plan = await get(service, '/v1/plan');
    expect(plan.status).toBe(200);
    expect(JSON.parse(plan.body)).toMatchObject({
      name: 'deploy',
      status: 'COMPLETE',
      phases: [{ name: 'web', status: 'COMPLETE', steps: [{ name: 'web-0-server', status: 'COMPLETE' }] }],
    });
    expect(master.ofType('ACKNOWLEDGE')).toHaveLength(1);
  });

  it('shows pods, endpoints and the framework', async () => {
    const { master, service } = await start(await startMaster());
    const id = await launched(master);
    isRunning(master, id);
    await waitFor('it is healthy', async () => (await get(service, '/v1/health')).status === 200);
    expect(JSON.parse((await get(service, '/v1/pod')).body)).toEqual(['web-0']);
    expect(JSON.parse((await get(service, '/v1/pod/web-0/status')).body)).toMatchObject({
      name: 'web-0',
      agentId: 'S0',
      ports: { 'server.http': 4000 },
      tasks: [{ name: 'web-0-server', id, status: 'TASK_RUNNING', isReady: true }],
    });
    expect(JSON.parse((await get(service, '/v1/endpoints')).body)).toEqual(['address', 'web-server-http']);
    expect((await get(service, '/v1/endpoints/address')).body).toBe('http://127.0.0.1:4000/');
    expect(JSON.parse((await get(service, '/v1/endpoints/web-server-http')).body)).toEqual({
      address: ['127.0.0.1:4000'],
    });
    expect(JSON.parse((await get(service, '/v1/state/frameworkId')).body)).toEqual(['master-0000']);
    const missing = await get(service, '/v1/pod/nope/status');
    expect(missing).toEqual({ status: 404, body: 'There is no pod nope: there are web-0' });
    expect((await get(service, '/v1/endpoints/nope')).status).toBe(404);
  });

  it('restarts a pod when it is asked to', async () => {
    const { master, service } = await start(await startMaster());
    const id = await launched(master);
    isRunning(master, id);
    await waitFor('it is healthy', async () => (await get(service, '/v1/health')).status === 200);
    const { status } = await request({ method: 'POST', url: `${service.url}/v1/pod/web-0/restart` });
    expect(status).toBe(200);
    await waitFor('the task is killed', () =>
      master.ofType('KILL').some(({ kill }) => kill.task_id.value === id),
    );
  });
});

describe('a service', () => {
  it('is told to the master with its role, its address and a long fail-over', async () => {
    const { master, service } = await start(await startMaster());
    await waitFor('it subscribes', () => master.subscriptions().length === 1);
    expect(master.subscriptions()[0]?.framework_info).toMatchObject({
      name: 'it',
      user: 'me',
      roles: ['it-role'],
      checkpoint: true,
      failover_timeout: 604_800,
      webui_url: service.url,
    });
  });

  it('subscribes with the id that it had before', async () => {
    const store = memoryStore();
    const first = await start(await startMaster(), { store });
    await waitFor('the id is written', () => store.get('framework') !== undefined);
    await first.service.close();
    const { master } = await start(await startMaster(), { store });
    await waitFor('it subscribes', () => master.subscriptions().length === 1);
    expect(master.subscriptions()[0]?.framework_info.id).toEqual({ value: 'master-0000' });
  });

  it('goes on as a new framework when its old one was removed', async () => {
    const store = memoryStore();
    await store.write([{ key: 'framework', value: { id: 'gone' } }]);
    const master = await startMaster();
    master.answer = (call) => {
      if (call.type === 'SUBSCRIBE' && call.framework_id?.value === 'gone') {
        setImmediate(() => master.send({ type: 'ERROR', error: { message: 'Framework has been removed' } }));
      }
      return undefined;
    };
    const { ends } = await start(master, { store });
    await waitFor('it subscribes anew', () => master.subscriptions().length === 2);
    expect(master.subscriptions()[1]?.framework_info.id).toBeUndefined();
    await waitFor('the new id is written', () => {
      const framework = store.get('framework') as { id: string };
      return framework.id === 'master-0000';
    });
    expect(ends).toEqual([]);
  });

  it('ends when the master refuses it for another reason', async () => {
    const master = await startMaster();
    master.answer = (call) => {
      if (call.type === 'SUBSCRIBE') {
        setImmediate(() => master.send({ type: 'ERROR', error: { message: 'Not authorized' } }));
      }
      return undefined;
    };
    const { ends } = await start(master);
    await waitFor('it ends', () => ends.length > 0);
    expect(ends).toEqual(['The master refuses it: Not authorized']);
  });

  it('does not start when it would have to give up an instance', async () => {
    const store = memoryStore();
    const place = { agentId: 'S0', hostname: 'h', attributes: {}, ports: {}, isConfirmed: true };
    await store.write([{ key: 'instance/web-1', value: place }]);
    await expect(start(await startMaster(), { store })).rejects.toThrow(/no place for web-1/);
    await start(await startMaster(), { store, description: spec(2) });
  });

  it('says where an instance waits for its place, and how to give it up', async () => {
    const store = memoryStore();
    const place = { agentId: 'S7', hostname: 'far.example', attributes: {}, ports: {}, isConfirmed: true };
    await store.write([
      { key: 'framework', value: { id: 'master-0000' } },
      { key: 'instance/web-0', value: place },
    ]);
    const { master, service } = await start(await startMaster(), { store });
    await waitFor('it asks what there is', () => master.ofType('RECONCILE').length > 0);
    toldEverything(master);
    await waitFor('it asks for offers', () => master.ofType('REVIVE').length > 0);
    const { waitingFor } = JSON.parse((await get(service, '/v1/health')).body) as { waitingFor: string[] };
    expect(waitingFor).toEqual([
      expect.stringMatching(/far\.example \(agent S7\).*\/v1\/pod\/web-0\/replace/),
    ]);
  });

  it('launches nothing before it knows what there is', async () => {
    const { master } = await start(await startMaster());
    await waitFor('it asks what there is', () => master.ofType('RECONCILE').length > 0);
    master.send(offer);
    await waitFor('the offer is answered', () => master.ofType('DECLINE').length > 0);
    expect(master.ofType('ACCEPT')).toEqual([]);
  });
});
