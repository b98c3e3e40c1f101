import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sshArguments } from '../../src/cli/system/ssh-command.ts';
import { type FakeCluster, slave, startFakeCluster, task } from './fake-cluster.ts';

/** Logs, metrics, names and files: the requests and the tables of the original (cli.md 6, 7, 8). */

const ENTRY = {
  fields: { MESSAGE: 'started', PRIORITY: '6', SYSLOG_IDENTIFIER: 'systemd', _PID: '1', _HOSTNAME: 'm1' },
  cursor: 's=1',
  monotonic_timestamp: 5,
  realtime_timestamp: 1_600_000_000_000_000,
};
const point = (name: string, value: number, more: object = {}): object => ({
  name,
  value,
  unit: '',
  ...more,
});
const CONTAINER_POINTS = [
  point('cpus.user_time_secs', 1.5),
  point('cpus.system_time_secs', 0.5),
  point('cpus.throttled_time_secs', 2),
  point('mem.total_bytes', 1024 * 1024, { unit: 'bytes' }),
  point('mem.limit_bytes', 4 * 1024 * 1024, { unit: 'bytes' }),
];
const NODE_POINTS = [
  point('load.1min', 0.5),
  point('cpu.total', 12.5, { unit: 'percent' }),
  point('memory.total', 16 * 1024 ** 3, { unit: 'bytes' }),
  point('memory.free', 4 * 1024 ** 3, { unit: 'bytes' }),
  point('filesystem.capacity.total', 100 * 1024 ** 3, { unit: 'bytes', tags: { path: '/' } }),
  point('filesystem.capacity.used', 20 * 1024 ** 3, { unit: 'bytes', tags: { path: '/' } }),
];
const METRICS = '/system/v1/agent/S0/metrics/v0';
const SANDBOX = '/frameworks/F/executors/web.1/runs/latest';

let cluster: FakeCluster;
let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plenum-system-'));
  const running = task('web.1', {
    statuses: [{ state: 'TASK_RUNNING', timestamp: 1, container_status: { container_id: { value: 'C' } } }],
  });
  cluster = await startFakeCluster({
    'GET /mesos/slaves': { body: { slaves: [slave('S0', '10.0.0.11')] } },
    'GET /mesos/tasks': { body: { tasks: [running] } },
    'GET /system/v1/leader/mesos/logs/v2/component': {
      body: `${JSON.stringify(ENTRY)}\n${JSON.stringify(ENTRY)}\n`,
    },
    'GET /system/v1/leader/mesos/logs/v2/component/dcos-marathon.service': {
      body: `${JSON.stringify(ENTRY)}\n`,
    },
    'GET /system/v1/agent/S0/logs/v2/component': { status: 204 },
    [`GET ${METRICS}/node`]: { body: { datapoints: NODE_POINTS } },
    [`GET ${METRICS}/containers/C`]: { body: { datapoints: CONTAINER_POINTS } },
    [`GET ${METRICS}/containers/C/app`]: { status: 204 },
    'GET /mesos_dns/v1/hosts/leader.mesos': { body: [{ host: 'leader.mesos.', ip: '10.0.0.1' }] },
    'GET /mesos_dns/v1/hosts/nobody.mesos': { body: [{ host: '', ip: '' }] },
    'GET /system/health/v1/nodes/10.0.0.1/units': { body: { units: [{ id: 'dcos-mesos-master.service' }] } },
    'GET /system/health/v1/nodes/10.0.0.11/units': { body: { units: [] } },
  });
});

afterEach(async () => {
  await cluster.close();
  rmSync(folder, { recursive: true });
});

const run = (...args: string[]) => cluster.run(args);
const lines = async (...args: string[]): Promise<string[]> =>
  (await run(...args)).stdout.trimEnd().split('\n');
const targets = (): string[] => cluster.server.requests.map(({ target }) => target);

describe('logs of nodes', () => {
  it('are printed in the forms of journalctl', async () => {
    expect(await lines('node', 'log', '--leader')).toEqual([
      '2020-09-13T12:26:40.000Z systemd [1]: started',
      '2020-09-13T12:26:40.000Z systemd [1]: started',
    ]);
    expect(await lines('node', 'log', '--leader', '-o', 'cat', '--lines', '3')).toEqual([
      'started',
      'started',
    ]);
    const [json = ''] = await lines('node', 'log', '--leader', '-o', 'json');
    expect(JSON.parse(json)).toMatchObject({ __CURSOR: 's=1', MESSAGE: 'started', _PID: '1' });
    expect(targets()).toEqual([
      '/system/v1/leader/mesos/logs/v2/component?skip=-10',
      '/system/v1/leader/mesos/logs/v2/component?skip=-3',
      '/system/v1/leader/mesos/logs/v2/component?skip=-10',
    ]);
  });

  it('are those of a part, and of entries with certain fields', async () => {
    await run(
      'node',
      'log',
      '--leader',
      '--component',
      'dcos-marathon',
      '--filter',
      '_PID:1',
      '--filter',
      'A:b',
      '--all',
    );
    expect(targets()).toEqual([
      '/system/v1/leader/mesos/logs/v2/component/dcos-marathon.service?skip=0&filter=_PID%3A1&filter=A%3Ab',
    ]);
  });

  it.each([
    [['node', 'log'], 2],
    [['node', 'log', 'S0', '--leader'], 2],
    [['node', 'log', 'S9'], 3],
    [['node', 'log', 'S0'], 3],
    [['node', 'list-components'], 2],
    [['node', 'dns', 'nobody.mesos'], 3],
    [['node', 'metrics', 'summary', 'S9'], 3],
    [['service', 'log', 'marathon', 'stderr'], 2],
  ])('%j ends with %i', async (args, code) => {
    expect((await run(...args)).code).toBe(code);
  });

  it('of Marathon are those of its service', async () => {
    expect(await lines('service', 'log', 'marathon')).toEqual([
      '2020-09-13T12:26:40.000Z systemd [1]: started',
    ]);
  });
});

describe('metrics', () => {
  it('of tasks are everything, or what matters', async () => {
    expect(await lines('task', 'metrics', 'details', 'web')).toEqual([
      'NAME                      VALUE  TAGS',
      'cpus.user_time_secs        1.50',
      'cpus.system_time_secs      0.50',
      'cpus.throttled_time_secs      2',
      'mem.total_bytes           1 MiB',
      'mem.limit_bytes           4 MiB',
    ]);
    expect(await lines('task', 'metrics', 'summary', 'web')).toEqual([
      'CPU            MEM             DISK',
      '2.00 (50.00%)  1 MiB (25.00%)  N/A',
    ]);
  });

  it('of nodes are everything, or what matters', async () => {
    expect(await lines('node', 'metrics', 'summary', 'S0')).toEqual([
      'CPU            MEM              DISK',
      '0.50 (12.50%)  12 GiB (75.00%)  20 GiB (20.00%)',
    ]);
    expect((await lines('node', 'metrics', 'details', 'S0')).at(-1)).toMatch(/20 GiB {2}path: \/$/);
    expect(JSON.parse((await run('node', 'metrics', 'details', 'S0', '--json')).stdout)).toEqual(NODE_POINTS);
  });

  it('that there are none of are an error', async () => {
    cluster.answers[`GET ${METRICS}/containers/C`] = { status: 204 };
    expect((await run('task', 'metrics', 'summary', 'web')).code).toBe(3);
  });
});

describe('nodes', () => {
  it('have names and parts', async () => {
    expect(await lines('node', 'dns', 'leader.mesos')).toEqual([
      'HOST           IP',
      'leader.mesos.  10.0.0.1',
    ]);
    expect(await lines('node', 'list-components', '--leader')).toEqual(['dcos-mesos-master.service']);
    await run('node', 'list-components', 'S0');
    expect(targets().at(-1)).toBe('/system/health/v1/nodes/10.0.0.11/units');
  });

  it('are reached by ssh, also by way of another host', () => {
    const plain = { proxy: undefined, user: undefined, configFile: undefined, options: [], command: [] };
    expect(sshArguments({ ...plain, host: '10.0.0.1' })).toEqual(['-A', '-t', '10.0.0.1']);
    const given = { ...plain, host: 'h', user: 'u', options: ['A=b'], command: ['ls', '-l'] };
    expect(sshArguments(given)).toEqual(['-o', 'A=b', '-l', 'u', '-A', '-t', 'h', 'ls', '-l']);
    expect(sshArguments({ ...given, proxy: 'p' }).join(' ')).toBe(
      '-o A=b -l u -A -t p ssh -o A=b -l u -A -t h ls -l',
    );
    expect(sshArguments({ ...given, configFile: 'c' }).slice(0, 4)).toEqual(['-o', 'A=b', '-F', 'c']);
  });

  it('end the command as ssh ends', async () => {
    writeFileSync(join(folder, 'ssh'), '#!/bin/sh\necho "$@" >"$(dirname "$0")/called"\nexit 7\n');
    chmodSync(join(folder, 'ssh'), 0o755);
    const before = process.env.PATH;
    process.env.PATH = `${folder}:${before}`;
    try {
      expect((await run('node', 'ssh', '--leader', 'uptime')).code).toBe(7);
    } finally {
      process.env.PATH = before;
    }
    expect(readFileSync(join(folder, 'called'), 'utf8')).toBe('-A -t 10.0.0.1 uptime\n');
  });
});

describe('files of tasks', () => {
  const entry = (path: string, mode = '-rw-r--r--') => ({
    path,
    mode,
    nlink: 1,
    size: 1,
    mtime: 1,
    uid: 'u',
    gid: 'g',
  });

  beforeEach(() => {
    const folders: Record<string, object[]> = {
      [SANDBOX]: [entry('/x/stdout'), entry('/x/stderr'), entry('/x/sub', 'drwxr-xr-x')],
      [`${SANDBOX}/sub`]: [entry('/x/sub/inner.txt')],
    };
    cluster.answers['GET /agent/S0/files/debug'] = { body: {} };
    cluster.answers['GET /agent/S0/files/browse'] = ({ target }) => {
      const path = new URL(target, 'http://x').searchParams.get('path') ?? '';
      return folders[path] ? { body: folders[path] } : { status: 404, body: {} };
    };
    cluster.answers['GET /agent/S0/files/download'] = ({ target }) => ({
      body: `content of ${new URL(target, 'http://x').searchParams.get('path')?.replace(SANDBOX, '')}`,
    });
  });

  it('are fetched with their folders', async () => {
    const { code, stderr } = await run('task', 'download', 'web', '--target-dir', folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: `Fetched 3 files to ${folder}\n` });
    expect(readdirSync(folder).sort()).toEqual(['stderr', 'stdout', 'sub']);
    expect(readFileSync(join(folder, 'sub', 'inner.txt'), 'utf8')).toBe('content of /sub/inner.txt');
  });

  it('are chosen by a name or a glob', async () => {
    await run('task', 'download', 'web', 'std*', '--target-dir', folder);
    expect(readdirSync(folder).sort()).toEqual(['stderr', 'stdout']);
    expect((await run('task', 'download', 'web', 'zzz', '--target-dir', folder)).code).toBe(3);
  });

  it('never lead out of the target', async () => {
    cluster.answers['GET /agent/S0/files/browse'] = { body: [entry('/x/..')] };
    const { code, stderr } = await run('task', 'download', 'web', '--target-dir', join(folder, 'deep'));
    expect(code).toBe(1);
    expect(stderr).toContain('names a file ..');
  });
});
