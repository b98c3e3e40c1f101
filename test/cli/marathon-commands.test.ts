import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeCluster, startFakeCluster } from './fake-cluster.ts';

/** The requests and the tables of the original (cli.md 4). */

const M = '/service/marathon';
const DEPLOYED = { version: '2020-01-02T00:00:00.000Z', deploymentId: 'dep-1' };
const TASK = {
  id: 'web.1',
  appId: '/web',
  host: '10.0.0.11',
  role: '*',
  state: 'TASK_RUNNING',
  startedAt: '2020-01-02T00:00:00.000Z',
  healthCheckResults: [{ alive: false }],
};
const SHOP = {
  id: '/shop',
  enforceRole: true,
  apps: [{ id: '/shop/a' }],
  groups: [{ id: '/shop/back', enforceRole: false, apps: [{ id: '/shop/back/b' }], groups: [] }],
};

let cluster: FakeCluster;

beforeEach(async () => {
  cluster = await startFakeCluster({
    [`GET ${M}/v2/info`]: { body: { name: 'marathon', version: '1.11.24' } },
    [`GET ${M}/ping`]: { body: 'pong' },
    [`GET ${M}/v2/leader`]: { body: { leader: '10.0.0.1:8080' } },
    [`DELETE ${M}/v2/leader`]: { body: { message: 'Leadership abdicated' } },
    [`GET ${M}/v2/plugins`]: { body: { plugins: [{ id: 'p', implementation: 'I', plugin: 'P', info: {} }] } },
    [`DELETE ${M}/v2/queue/web/delay`]: { status: 204 },
    [`GET ${M}/v2/tasks`]: {
      body: { tasks: [TASK, { ...TASK, id: 'api.1', appId: '/api', healthCheckResults: [] }] },
    },
    [`POST ${M}/v2/tasks/delete`]: { body: { tasks: [TASK] } },
    [`GET ${M}/v2/groups`]: { body: { id: '/', apps: [], groups: [SHOP] } },
    [`POST ${M}/v2/groups`]: { status: 201, body: DEPLOYED },
    [`GET ${M}/v2/groups/shop`]: { body: SHOP },
    [`PUT ${M}/v2/groups/shop`]: { body: DEPLOYED },
    [`DELETE ${M}/v2/groups/shop`]: { body: DEPLOYED },
    [`GET ${M}/v2/groups/shop/versions`]: { body: ['2020-01-01T00:00:00.000Z', '2020-01-02T00:00:00.000Z'] },
    [`GET ${M}/v2/groups/shop/versions/2020-01-01T00:00:00.000Z`]: { body: { ...SHOP, apps: [] } },
    [`GET ${M}/v2/queue`]: {
      body: {
        queue: [
          {
            app: { id: '/web' },
            count: 1,
            delay: { timeLeftSeconds: 0, overdue: true },
            lastUnusedOffers: [
              {
                offer: { id: 'o', hostname: '10.0.0.11', agentId: 'S0' },
                reason: ['InsufficientCpus'],
                timestamp: '2020-01-02T00:00:00.000Z',
              },
            ],
          },
        ],
      },
    },
  });
});

afterEach(() => cluster.close());

const run = (...args: string[]) => cluster.run(['marathon', ...args]);
const lines = async (...args: string[]): Promise<string[]> =>
  (await run(...args)).stdout.trimEnd().split('\n');

describe('Marathon itself', () => {
  it('says what it is and that it lives', async () => {
    expect(JSON.parse((await run('about')).stdout)).toEqual({ name: 'marathon', version: '1.11.24' });
    expect(await lines('ping')).toEqual(['Marathon ping response[1x]: "pong"']);
  });

  it('has a leader, who can be sent away', async () => {
    expect(await lines('leader', 'show')).toEqual(['HOST             IP', 'marathon.mesos.  10.0.0.1']);
    expect(await lines('leader', 'delete')).toEqual(['Leadership abdicated']);
  });

  it('lists its plugins', async () => {
    expect(await lines('plugin', 'list')).toEqual(['ID  IMPLEMENTATION  PLUGIN', 'p   I               P']);
  });
});

describe('tasks of apps', () => {
  it('are listed by app, with their health', async () => {
    expect(await lines('task', 'list')).toEqual([
      'APP   HEALTHY  STARTED                   HOST       ID     ROLE',
      '/api  True     2020-01-02T00:00:00.000Z  10.0.0.11  api.1  *',
      '/web  False    2020-01-02T00:00:00.000Z  10.0.0.11  web.1  *',
    ]);
    expect(await lines('task', 'list', 'api', '-q')).toEqual(['api.1']);
    expect(JSON.parse((await run('task', 'show', 'web.1')).stdout)).toEqual(TASK);
    expect((await run('task', 'show', 'nope')).code).toBe(3);
  });

  it('are killed, with their reservations and from their apps where that is asked for', async () => {
    expect(await lines('task', 'kill', 'web.1', 'web.2')).toEqual(["Killed tasks: ['web.1']"]);
    await run('task', 'kill', 'web.1', '--scale', '--wipe');
    expect(JSON.parse((await run('task', 'stop', 'web.1', '--wipe')).stdout)).toEqual(TASK);
    expect(cluster.changes()).toEqual([
      `POST ${M}/v2/tasks/delete {"ids":["web.1","web.2"]}`,
      `POST ${M}/v2/tasks/delete?scale=true&wipe=true {"ids":["web.1"]}`,
      `POST ${M}/v2/tasks/delete?wipe=true {"ids":["web.1"]}`,
    ]);
  });

  it('that nobody knows are an error', async () => {
    cluster.answers[`POST ${M}/v2/tasks/delete`] = { body: { tasks: [] } };
    expect(await run('task', 'kill', 'x')).toMatchObject({ code: 3, stdout: 'Killed tasks: []\n' });
    expect((await run('task', 'stop', 'x')).code).toBe(3);
  });
});

describe('groups', () => {
  it('are listed at any depth, with their apps counted', async () => {
    expect(await lines('group', 'list')).toEqual([
      'ID          APPS  ENFORCE_ROLE',
      '/shop          2  True',
      '/shop/back     1  False',
    ]);
  });

  it('are shown, also as they were', async () => {
    expect(JSON.parse((await run('group', 'show', '/shop')).stdout)).toEqual(SHOP);
    expect(JSON.parse((await run('group', 'show', 'shop', '--group-version=-1')).stdout).apps).toEqual([]);
    expect((await run('group', 'show', 'shop', '--group-version=-5')).code).toBe(3);
  });

  it('are changed', async () => {
    expect(await lines('group', 'add', '--id', '/new')).toEqual(['Created deployment dep-1']);
    await cluster.run(['marathon', 'group', 'add'], { input: JSON.stringify(SHOP) });
    await run('group', 'update', '/shop', 'enforceRole=false', '--force');
    await run('group', 'scale', 'shop', '2');
    await run('group', 'remove', '/shop');
    expect(cluster.changes()).toEqual([
      `POST ${M}/v2/groups {"id":"/new"}`,
      `POST ${M}/v2/groups ${JSON.stringify(SHOP)}`,
      `PUT ${M}/v2/groups/shop?force=true {"enforceRole":false}`,
      `PUT ${M}/v2/groups/shop {"scaleBy":2}`,
      `DELETE ${M}/v2/groups/shop`,
    ]);
  });

  it.each([
    [['scale', '/shop', 'many'], 2],
    [['scale', '/shop', '-1'], 2],
    [['scale', '/nope', '2'], 3],
    [['add', 'file.json', '--id', '/x'], 2],
  ])('refuse %j', async (args, code) => {
    expect((await run('group', ...args)).code).toBe(code);
    expect(cluster.changes()).toEqual([]);
  });
});

describe('what waits', () => {
  it('can be hurried', async () => {
    expect(await lines('delay', 'reset', 'web')).toEqual(['Delay on [/web] has been reset']);
  });

  it('says what each offer lacked', async () => {
    expect(await lines('debug', 'details', '/web')).toEqual([
      'HOSTNAME   ROLE  CONSTRAINTS  CPUS  MEM  DISK  PORTS  SCARCE  RECEIVED',
      '10.0.0.11  ok    ok           -     ok   ok    ok     ok      2020-01-02T00:00:00.000Z',
    ]);
    expect((await run('debug', 'details', '/nope')).code).toBe(3);
  });
});
