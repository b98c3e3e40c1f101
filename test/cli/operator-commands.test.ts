import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeCluster, slave, startFakeCluster } from './fake-cluster.ts';

/** Roles, frameworks, offers and maintenance. */

const HOUR_NS = 3_600_000_000_000;
const START_NS = Date.UTC(2026, 11, 1) * 1e6;
const framework = (id: string, more: object = {}): object => ({
  id,
  name: 'web',
  hostname: 'h',
  active: true,
  connected: true,
  roles: ['prod'],
  used_resources: { cpus: 1.5, mem: 2048 },
  tasks: [{ id: 't' }],
  offers: [{ id: 'O1', framework_id: id, slave_id: 'S0', resources: { cpus: 2, mem: 512, disk: 10 } }],
  ...more,
});
const WINDOW = {
  machine_ids: [{ hostname: '10.0.0.11', ip: '10.0.0.11' }],
  unavailability: { start: { nanoseconds: START_NS }, duration: { nanoseconds: HOUR_NS } },
};

let cluster: FakeCluster;

beforeEach(async () => {
  cluster = await startFakeCluster({
    'GET /mesos/roles': {
      body: {
        roles: [
          {
            name: 'prod',
            weight: 2,
            frameworks: ['F1'],
            resources: { cpus: 1.5, mem: 2048 },
            quota: { role: 'prod', guarantee: { cpus: 4 }, limit: {} },
          },
        ],
      },
    },
    'GET /mesos/frameworks': {
      body: {
        frameworks: [
          framework('F1'),
          framework('F2', { name: 'db', active: false, connected: false, offers: [] }),
        ],
        completed_frameworks: [framework('F0', { name: 'old', active: false, connected: false })],
      },
    },
    'GET /mesos/slaves': { body: { slaves: [slave('S0', '10.0.0.11'), slave('S1', '10.0.0.12')] } },
    'GET /mesos/maintenance/schedule': { body: { windows: [WINDOW] } },
    'GET /mesos/maintenance/status': { body: { draining_machines: [{ id: WINDOW.machine_ids[0] }] } },
    'POST /mesos/api/v1': { body: '' },
  });
});

afterEach(() => cluster.close());

const run = (...args: string[]) => cluster.run(args);
const lines = async (...args: string[]): Promise<string[]> =>
  (await run(...args)).stdout.trimEnd().split('\n');
const calls = (): unknown[] =>
  cluster.changes().map((change) => JSON.parse(change.replace('POST /mesos/api/v1 ', '')));

describe('who shares the cluster', () => {
  it('is listed by role', async () => {
    expect(await lines('role', 'list')).toEqual([
      'NAME  WEIGHT  FRAMEWORKS  CPUS    MEM  GUARANTEE',
      'prod       2           1   1.5  2 GiB  cpus:4',
    ]);
  });

  it('is listed by framework', async () => {
    expect(await lines('framework', 'list')).toEqual([
      'NAME  STATE         ROLES  TASKS  CPUS    MEM  PRINCIPAL  ID',
      'web   ACTIVE        prod       1   1.5  2 GiB             F1',
      'db    DISCONNECTED  prod       1   1.5  2 GiB             F2',
    ]);
    expect(await lines('framework', 'list', '--completed', '-q')).toEqual(['F1', 'F2', 'F0']);
    expect(JSON.parse((await run('framework', 'show', 'web')).stdout)).toEqual(framework('F1'));
    expect((await run('framework', 'show', 'nope')).code).toBe(3);
  });

  it('can be sent away', async () => {
    expect((await run('framework', 'teardown', 'web')).code).toBe(2);
    await run('framework', 'teardown', 'web', '--yes');
    expect(calls()).toEqual([{ type: 'TEARDOWN', teardown: { framework_id: { value: 'F1' } } }]);
  });

  it('is told from its namesake by the id', async () => {
    cluster.answers['GET /mesos/frameworks'] = {
      body: { frameworks: [framework('F1'), framework('F2')], completed_frameworks: [] },
    };
    expect(await run('framework', 'show', 'web')).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('F2'),
    });
    expect((await run('framework', 'show', 'F2')).code).toBe(0);
  });
});

it('offers are listed with who holds them', async () => {
  expect(await lines('offer', 'list')).toEqual([
    'ID  FRAMEWORK  HOST       CPUS      MEM    DISK',
    'O1  web        10.0.0.11     2  512 MiB  10 MiB',
  ]);
});

describe('maintenance', () => {
  it('is listed with where each machine is at', async () => {
    expect(await lines('maintenance', 'list')).toEqual([
      'MACHINE    STATE     FROM                      TO',
      '10.0.0.11  DRAINING  2026-12-01T00:00:00.000Z  2026-12-01T01:00:00.000Z',
    ]);
  });

  it('is planned beside what is planned, and anew for a machine that is', async () => {
    const at = ['--at', '2026-12-02T00:00:00Z', '--for', '1h'];
    await run('maintenance', 'add', '10.0.0.12', ...at);
    await run('maintenance', 'add', '10.0.0.11', ...at);
    const unavailability = {
      start: { nanoseconds: Date.UTC(2026, 11, 2) * 1e6 },
      duration: { nanoseconds: HOUR_NS },
    };
    const planned = (host: string) => ({ machine_ids: [{ hostname: host, ip: host }], unavailability });
    const schedules = calls() as { update_maintenance_schedule: { schedule: { windows: unknown[] } } }[];
    expect(schedules.map((call) => call.update_maintenance_schedule.schedule.windows)).toEqual([
      [WINDOW, planned('10.0.0.12')],
      [planned('10.0.0.11')],
    ]);
  });

  it('is started, ended and called off for machines that are planned', async () => {
    await run('maintenance', 'start', '10.0.0.11', '--yes');
    await run('maintenance', 'stop', '10.0.0.11');
    await run('maintenance', 'remove', '10.0.0.11');
    const machines = WINDOW.machine_ids;
    expect(calls()).toEqual([
      { type: 'START_MAINTENANCE', start_maintenance: { machines } },
      { type: 'STOP_MAINTENANCE', stop_maintenance: { machines } },
      { type: 'UPDATE_MAINTENANCE_SCHEDULE', update_maintenance_schedule: { schedule: { windows: [] } } },
    ]);
  });

  it.each([
    [['add', '10.9.9.9'], 3],
    [['add', '10.0.0.12', '--at', 'soon'], 2],
    [['start', '10.0.0.12', '--yes'], 3],
    [['start', '10.0.0.11'], 2],
    [['remove', '10.0.0.12'], 3],
  ])('refuses %j', async (args, code) => {
    expect((await run('maintenance', ...args)).code).toBe(code);
    expect(cluster.changes()).toEqual([]);
  });
});

describe('events', () => {
  const record = (event: object): string => {
    const text = JSON.stringify(event);
    return `${Buffer.byteLength(text)}\n${text}`;
  };
  const updated = {
    type: 'TASK_UPDATED',
    task_updated: {
      framework_id: { value: 'F1' },
      state: 'TASK_RUNNING',
      status: { task_id: { value: 'web.1' }, state: 'TASK_RUNNING', message: 'up' },
    },
  };
  const deployed = { eventType: 'deployment_success', id: 'd1', timestamp: '2026-11-25T00:00:00.000Z' };

  beforeEach(() => {
    cluster.answers['POST /mesos/api/v1'] = {
      body: [{ type: 'SUBSCRIBED', subscribed: {} }, updated, { type: 'HEARTBEAT' }].map(record).join(''),
    };
    cluster.answers['GET /service/marathon/v2/events'] = {
      body: `event: deployment_success\ndata: ${JSON.stringify(deployed)}\n\n`,
      headers: { 'Content-Type': 'text/event-stream' },
    };
  });

  it('of both servers are one stream', async () => {
    const shown = (await lines('events')).map((line) => line.replace(/^\S+ /, '')).sort();
    expect(shown).toEqual([
      'TASK_UPDATED                   web.1 TASK_RUNNING up',
      'deployment_success             d1',
    ]);
  });

  it('are chosen by type, source and text', async () => {
    const types = async (...args: string[]): Promise<string[]> =>
      (await run('events', '--json', ...args)).stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line).type);
    expect(await types('--type', 'deployment_*')).toEqual(['deployment_success']);
    expect(await types('--source', 'mesos')).toEqual(['TASK_UPDATED']);
    expect(await types('--about', 'web.1')).toEqual(['TASK_UPDATED']);
  });
});

it('open prints the address', async () => {
  const env = { PATH: '' };
  expect((await cluster.run(['open'], { env })).stdout).toBe(`${cluster.server.url}/\n`);
  expect((await cluster.run(['open', 'hdfs'], { env })).stdout).toBe(`${cluster.server.url}/service/hdfs/\n`);
});
