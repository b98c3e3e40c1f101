import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeCluster, slave, startFakeCluster, task } from './fake-cluster.ts';

let cluster: FakeCluster;

beforeEach(async () => {
  cluster = await startFakeCluster({
    'GET /mesos/slaves': {
      body: {
        slaves: [
          slave('S0', '10.0.0.11', {
            domain: { fault_domain: { region: { name: 'us' }, zone: { name: 'us-a' } } },
            attributes: { public_ip: 'true' },
          }),
          slave('S1', '10.0.0.12', { active: false, used_resources: { cpus: 4, mem: 2048 } }),
        ],
      },
    },
    'POST /mesos/api/v1': {
      body: { get_master: { master_info: { id: 'M', hostname: 'one', address: { ip: '10.0.0.1' } } } },
    },
    'GET /mesos_dns/v1/hosts/master.mesos': {
      body: [
        { host: 'master.mesos.', ip: '10.0.0.1' },
        { host: 'master.mesos.', ip: '10.0.0.2' },
      ],
    },
    'GET /net/v1/nodes': { body: [{ private_ip: '10.0.0.11', public_ips: ['54.0.0.11'] }] },
    'GET /mesos/tasks': {
      body: {
        tasks: [
          task('web.1'),
          task('web.2', { slave_id: 'S9', state: 'TASK_STAGING' }),
          task('web.0', { state: 'TASK_FAILED' }),
        ],
      },
    },
  });
});

afterEach(() => cluster.close());

const lines = (text: string): string[] => text.split('\n');

describe('node list', () => {
  it('is a table', async () => {
    const { code, stdout, stderr } = await cluster.run(['node', 'list']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(lines(stdout)).toEqual([
      'HOSTNAME       IP         PUBLIC IP(S)  ID   TYPE              STATUS    REGION  ZONE  CPUS   MEM',
      '10.0.0.11      10.0.0.11  54.0.0.11     S0   agent (public)    ACTIVE    us      us-a  0.5/4  64 MiB/8 GiB',
      '10.0.0.12      10.0.0.12                S1   agent             INACTIVE  N/A     N/A   4/4    2 GiB/8 GiB',
      'master.mesos.  10.0.0.1                 M    master (leader)             N/A     N/A',
      'master.mesos.  10.0.0.2                 N/A  master (standby)            N/A     N/A',
      '',
    ]);
  });

  it('has colours on a terminal, and the same words', async () => {
    const { stdout } = await cluster.run(['node', 'list'], { isTty: true });
    expect(stdout).toContain('\u001b[1mHOSTNAME\u001b[22m');
    expect(stdout).toContain('\u001b[32mACTIVE\u001b[39m');
    expect(stdout).toContain('\u001b[33mINACTIVE\u001b[39m');
  });

  it('takes further columns from the JSON', async () => {
    const { stdout } = await cluster.run([
      'node',
      'list',
      '--field',
      'resources.cpus',
      '--field',
      'nope',
      '--mesos-id',
      'S1',
    ]);
    expect(lines(stdout)[0]).toMatch(/MEM {9,}RESOURCES CPUS {2}NOPE$/);
    expect(lines(stdout)[1]).toMatch(/ 4$/);
    expect(lines(stdout)).toHaveLength(3);
  });

  it("as JSON has the master's own objects, and the masters", async () => {
    const { stdout } = await cluster.run(['node', 'list', '--json']);
    const [, second, leader, standby, ...others] = JSON.parse(stdout);
    const told = slave('S1', '10.0.0.12', { active: false, used_resources: { cpus: 4, mem: 2048 } });
    expect(second).toEqual({
      ...told,
      type: 'agent',
      status: 'INACTIVE',
      region: '',
      zone: '',
      public_ips: [],
    });
    expect(leader).toMatchObject({ type: 'master (leader)', ip: '10.0.0.1', id: 'M' });
    expect(standby).toMatchObject({ type: 'master (standby)', ip: '10.0.0.2' });
    expect(others).toEqual([]);
  });
});

describe('task list', () => {
  it('is a table of those that have not ended', async () => {
    const { stdout } = await cluster.run(['task', 'list']);
    expect(lines(stdout)).toEqual([
      'NAME  HOST       USER  STATE         ID     AGENT ID  REGION  ZONE',
      'web   10.0.0.11  me    TASK_RUNNING  web.1  S0        us      us-a',
      'web              me    TASK_STAGING  web.2  S9        N/A     N/A',
      '',
    ]);
  });

  it.each([
    [['--all'], ['web.1', 'web.2', 'web.0']],
    [['--completed'], ['web.0']],
    [['--agent-id', 'S9'], ['web.2']],
    [['eb.1'], ['web.1']],
    [
      ['web.*', '--all'],
      ['web.1', 'web.2', 'web.0'],
    ],
    [['web.?', '--agent-id', 'S0'], ['web.1']],
    [['*.3'], []],
  ])('with %j lists %j', async (flags, ids) => {
    const { stdout } = await cluster.run(['task', 'list', ...flags, '--json']);
    expect((JSON.parse(stdout) as { id: string }[]).map(({ id }) => id)).toEqual(ids);
  });

  it('asks only for what it shows', async () => {
    expect((await cluster.run(['task', 'list', '-q'])).stdout).toBe('web.1\nweb.2\n');
    expect(cluster.server.requests).toHaveLength(1);
  });

  it('of nothing that was named ends with 3, but as JSON it is empty', async () => {
    const { code, stdout, stderr } = await cluster.run(['task', 'list', 'nope']);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(lines(stderr)[0]).toBe('Error: There is no task whose id contains "nope"');
    expect(await cluster.run(['task', 'list', 'nope', '--json'])).toEqual({
      code: 0,
      stdout: '[]\n',
      stderr: '',
    });
  });
});

describe('service list', () => {
  beforeEach(() => {
    const framework = (name: string, active: boolean): object => ({
      id: `id-of-${name}`,
      name,
      hostname: 'h',
      active,
      connected: active,
      role: '*',
      used_resources: { cpus: 0.3, mem: 48, disk: 0 },
      tasks: [{}, {}],
    });
    cluster.answers['GET /mesos/frameworks'] = {
      body: {
        frameworks: [framework('marathon', true), framework('away', false)],
        completed_frameworks: [framework('gone', false)],
      },
    };
  });

  it('shows those that are active, unless told otherwise', async () => {
    const { stdout } = await cluster.run(['service', 'list']);
    expect(lines(stdout)).toEqual([
      'NAME      HOST  ACTIVE  TASKS  CPU   MEM  DISK  ID              ROLE',
      'marathon  h     True        2  0.3  48.0   0.0  id-of-marathon  *',
      '',
    ]);
    expect((await cluster.run(['service', 'list', '--inactive', '--completed', '-q'])).stdout).toBe(
      'marathon\naway\ngone\n',
    );
  });

  it('shutdown asks, and without a terminal wants --yes', async () => {
    const refused = await cluster.run(['service', 'shutdown', 'id-of-marathon']);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('--yes');
    expect(cluster.changes()).toEqual([]);
    cluster.answers['POST /mesos/api/v1'] = {};
    expect((await cluster.run(['service', 'shutdown', 'id-of-marathon', '--yes'])).code).toBe(0);
    expect(cluster.changes()).toEqual([
      'POST /mesos/api/v1 {"type":"TEARDOWN","teardown":{"framework_id":{"value":"id-of-marathon"}}}',
    ]);
    expect((await cluster.run(['service', 'shutdown', 'nope', '--yes'])).code).toBe(3);
  });
});

describe('quota', () => {
  const role = (name: string, quota: object): object => ({
    name,
    weight: 1,
    resources: {},
    frameworks: [],
    quota,
  });

  beforeEach(() => {
    cluster.answers['GET /mesos/roles'] = {
      body: {
        roles: [
          role('*', { role: '*', guarantee: {}, limit: {}, consumed: { cpus: 1 } }),
          role('dev', {
            role: 'dev',
            guarantee: { cpus: 1 },
            limit: { cpus: 4, mem: 2048 },
            consumed: { cpus: 1, mem: 512 },
          }),
        ],
      },
    };
    cluster.answers['POST /mesos/api/v1'] = {};
  });

  const sent = (): unknown =>
    JSON.parse(cluster.server.requests.findLast(({ method }) => method === 'POST')?.body ?? '');

  it('list and get tell how much is used', async () => {
    expect(lines((await cluster.run(['quota', 'list'])).stdout)).toEqual(
      [
        'NAME  CPU CONSUMED                MEMORY CONSUMED           DISK CONSUMED  GPU CONSUMED',
        'dev   25.00% (1 core of 4 cores)  25.00% (512 MiB of 2 GiB)  No limit       No limit',
        '',
      ].map((line, index) => (index === 0 ? line.replace('MEMORY CONSUMED  ', 'MEMORY CONSUMED   ') : line)),
    );
    expect(lines((await cluster.run(['quota', 'get', 'dev'])).stdout)).toEqual([
      'RESOURCE  CONSUMPTION  LIMIT    GUARANTEE  CONSUMED  ROLE',
      'cpus           25.00%  4 cores  1 core     1 core    dev',
      'mem            25.00%  2 GiB    -          512 MiB   dev',
      '',
    ]);
  });

  it('update keeps what is not given', async () => {
    expect((await cluster.run(['quota', 'update', 'dev', '--mem', 'none', '--cpu', '2'])).code).toBe(0);
    expect(sent()).toEqual({
      type: 'UPDATE_QUOTA',
      update_quota: {
        force: false,
        quota_configs: [{ role: 'dev', limits: { cpus: { value: 2 } }, guarantees: { cpus: { value: 1 } } }],
      },
    });
  });

  it.each([
    [['create', 'dev', '--cpu', '1'], 4],
    [['create', 'new'], 2],
    [['create', 'new', '--cpu', 'x'], 2],
    [['create', 'new', '--guarantee', 'cpus'], 2],
    [['update', 'nope', '--cpu', '1'], 3],
    [['get', '*'], 3],
    [['delete', 'nope'], 3],
  ])('%j ends with %d and changes nothing', async (args, code) => {
    expect((await cluster.run(['quota', ...args])).code).toBe(code);
    expect(cluster.changes()).toEqual([]);
  });

  it("tells the master's reason for a refusal", async () => {
    const reason = "Role 'new' is already consuming more (use 'force' flag to bypass this check)";
    cluster.answers['POST /mesos/api/v1'] = { status: 400, body: reason };
    const { code, stderr } = await cluster.run(['quota', 'create', 'new', '--cpu', '1']);
    expect({ code, stderr }).toEqual({ code: 1, stderr: `Error: ${reason}\n` });
  });
});

describe('every list', () => {
  it('is printed in the form that is asked for', async () => {
    const list = async (form: string) => (await cluster.run(['node', 'list', '-o', form])).stdout;
    expect(await list('name')).toBe('S0\nS1\n');
    expect(await list('yaml')).toContain('- id: S0\n');
    expect(JSON.parse(await list('json'))).toHaveLength(4);
    expect(await list('jsonpath=[?@.active == true].id')).toBe('S0\n');
    expect(await list('custom-columns=TYPE:.type,HOST:.hostname')).toContain('agent             10.0.0.12\n');
    expect(lines(await list('wide'))[0]).toMatch(/MEM +DISK/);
    expect(await list('table')).toBe((await cluster.run(['node', 'list'])).stdout);
  });

  it('refuses forms that there are not, and two at once', async () => {
    const bad = await cluster.run(['task', 'list', '-o', 'xml']);
    expect(bad.code).toBe(2);
    expect(bad.stderr).toContain('custom-columns=');
    expect((await cluster.run(['task', 'list', '-o', 'yaml', '--json'])).code).toBe(2);
    expect((await cluster.run(['task', 'list', '-o', 'jsonpath=[?'])).stderr).toContain('plenum help output');
  });
});
