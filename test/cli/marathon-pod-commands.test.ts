import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeCluster, startFakeCluster } from './fake-cluster.ts';

/** The requests and the tables of the original (cli.md 4.6). */

const M = '/service/marathon';
const POD = {
  id: '/pod',
  spec: {
    id: '/pod',
    version: '2020-01-02T00:00:00.000Z',
    role: '*',
    containers: [
      { name: 'c2', resources: { cpus: 0.1, mem: 32 } },
      { name: 'c1', resources: { cpus: 0.2, mem: 64 } },
    ],
    executorResources: { cpus: 0.1, mem: 32, disk: 10 },
    scheduling: { placement: { constraints: [{ fieldName: 'rack', operator: 'IS', value: 'r1' }] } },
  },
  status: 'STABLE',
  statusSince: '2020-01-02T00:00:00.000Z',
  instances: [{ id: 'pod.instance-dddd', status: 'STABLE' }],
};
const IDLE = { ...POD, id: '/idle', spec: { ...POD.spec, id: '/idle', containers: [] }, instances: [] };
const reject = (reason: string) => ({ reason, declined: 1, processed: 2 });
const WAITING = {
  pod: { ...POD.spec, id: '/idle' },
  count: 1,
  role: '*',
  since: '2020-01-02T00:00:00.000Z',
  delay: { timeLeftSeconds: 0, overdue: true },
  processedOffersSummary: {
    rejectSummaryLastOffers: ['UnfulfilledConstraint', 'InsufficientCpus', 'InsufficientDisk'].map(reject),
  },
};

let cluster: FakeCluster;

beforeEach(async () => {
  cluster = await startFakeCluster({
    [`HEAD ${M}/v2/pods`]: { body: '' },
    [`GET ${M}/v2/pods/::status`]: { body: [POD, IDLE] },
    [`GET ${M}/v2/pods/pod::status`]: { body: POD },
    [`GET ${M}/v2/pods/nope::status`]: { status: 404, body: { message: 'pod with /nope does not exist' } },
    [`GET ${M}/v2/queue`]: { body: { queue: [WAITING] } },
    [`GET ${M}/v2/deployments`]: { body: [] },
    [`POST ${M}/v2/pods`]: {
      status: 201,
      body: POD.spec,
      headers: { 'Marathon-Deployment-Id': 'dep-p' },
    },
    [`PUT ${M}/v2/pods/pod`]: { body: POD.spec, headers: { 'Marathon-Deployment-Id': 'dep-p2' } },
    [`DELETE ${M}/v2/pods/pod`]: { status: 202, headers: { 'Marathon-Deployment-Id': 'dep-p3' } },
    [`DELETE ${M}/v2/pods/pod::instances`]: { body: [{ instanceId: 'pod.instance-dddd' }] },
  });
});

afterEach(() => cluster.close());

const run = (...args: string[]) => cluster.run(['marathon', 'pod', ...args]);
const definition = { id: '/pod2', containers: [] };
const sent = () => cluster.server.requests.map(({ method, target }) => `${method} ${target}`);

describe('pods', () => {
  it('are listed with their containers', async () => {
    expect((await run('list')).stdout.trimEnd().split('\n')).toEqual([
      'ID+TASKS  INSTANCES  VERSION                   STATUS  STATUS SINCE              WAITING  ROLE',
      '/idle             0  2020-01-02T00:00:00.000Z  STABLE  2020-01-02T00:00:00.000Z  True     *',
      '/pod              1  2020-01-02T00:00:00.000Z  STABLE  2020-01-02T00:00:00.000Z  False    *',
      ' |-c1',
      ' |-c2',
    ]);
    expect(sent()[0]).toBe(`HEAD ${M}/v2/pods`);
    expect(sent().slice(1).sort()).toEqual([`GET ${M}/v2/pods/::status`, `GET ${M}/v2/queue`]);
    expect((await run('list', '-q')).stdout).toBe('/idle\n/pod\n');
    expect(JSON.parse((await run('list', '--json')).stdout)).toEqual([
      { ...IDLE, overdue: true },
      { ...POD, overdue: false },
    ]);
  });

  it('are shown with what runs of them', async () => {
    expect(JSON.parse((await run('show', 'pod')).stdout)).toEqual(POD);
    expect(await run('show', 'nope')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('pod with /nope does not exist'),
    });
  });

  it('are added from standard input, and the deployment is told', async () => {
    const added = await cluster.run(['marathon', 'pod', 'add'], { input: JSON.stringify(definition) });
    expect(added).toMatchObject({ code: 0, stdout: 'Created deployment dep-p\n' });
    expect(cluster.changes()).toEqual([
      `HEAD ${M}/v2/pods`,
      `POST ${M}/v2/pods {"id":"/pod2","containers":[]}`,
    ]);
  });

  it('are added and waited for', async () => {
    const input = JSON.stringify(definition);
    expect(await cluster.run(['marathon', 'pod', 'add', '--wait'], { input })).toMatchObject({
      code: 0,
      stdout: 'Created deployment dep-p\n',
      stderr: expect.stringContaining('/pod is deployed'),
    });
    const json = await cluster.run(['marathon', 'pod', 'add', '--wait', '--json'], { input });
    expect(JSON.parse(json.stdout)).toEqual(POD);
  });

  it('need an id, and are told when it is too long to be found by', async () => {
    const without = await cluster.run(['marathon', 'pod', 'add'], { input: '{"containers":[]}' });
    expect(without).toMatchObject({ code: 1, stderr: expect.stringContaining('needs an "id"') });
    expect(cluster.server.requests).toEqual([]);
    const input = JSON.stringify({ ...definition, id: `/${'a'.repeat(54)}` });
    expect(await cluster.run(['marathon', 'pod', 'add'], { input })).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('The id has 55 characters'),
    });
  });

  it('are replaced as a whole, by what standard input says and not by pairs', async () => {
    const input = JSON.stringify({ id: '/pod', containers: [] });
    expect(await cluster.run(['marathon', 'pod', 'update', 'pod'], { input })).toMatchObject({
      code: 0,
      stdout: 'Created deployment dep-p2\n',
    });
    expect(sent()).toEqual([`HEAD ${M}/v2/pods`, `GET ${M}/v2/pods/pod::status`, `PUT ${M}/v2/pods/pod`]);
    expect((await run('update', 'pod', 'scaling.instances=2')).code).toBe(2);
    expect(await cluster.run(['marathon', 'pod', 'update', 'nope'], { input })).toMatchObject({ code: 3 });
    await cluster.run(['marathon', 'pod', 'update', 'pod', '--force'], { input });
    expect(cluster.changes().at(-1)).toBe(`PUT ${M}/v2/pods/pod?force=true ${input}`);
  });

  it('are removed without a word, and with one when they are gone', async () => {
    expect(await run('remove', 'pod', '--force')).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(cluster.changes()).toEqual([`HEAD ${M}/v2/pods`, `DELETE ${M}/v2/pods/pod?force=true`]);
    expect((await run('rm', '/pod', '--wait')).stderr).toContain('/pod is removed');
    expect(cluster.changes().at(-1)).toBe(`DELETE ${M}/v2/pods/pod`);
  });

  it('lose the instances that are named', async () => {
    expect(await run('kill', 'pod', 'pod.instance-dddd')).toMatchObject({ code: 0, stdout: '', stderr: '' });
    await run('kill', 'pod', 'a', 'b', '--wipe');
    expect(cluster.changes().filter((change) => change.startsWith('DELETE'))).toEqual([
      `DELETE ${M}/v2/pods/pod::instances ["pod.instance-dddd"]`,
      `DELETE ${M}/v2/pods/pod::instances?wipe=true ["a","b"]`,
    ]);
  });

  it('lose none when none is named, or none is known', async () => {
    expect(await run('kill', 'pod')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Please provide at least one pod instance ID'),
    });
    expect(cluster.server.requests).toEqual([]);
    cluster.answers[`DELETE ${M}/v2/pods/pod::instances`] = { body: [] };
    expect((await run('kill', 'pod', 'x')).code).toBe(3);
  });

  it('are nothing that an old Marathon knows', async () => {
    cluster.answers[`HEAD ${M}/v2/pods`] = { status: 404 };
    for (const args of [['list'], ['show', 'pod'], ['remove', 'pod'], ['kill', 'pod', 'x']]) {
      expect(await run(...args)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('This command is not supported by your version of Marathon'),
      });
    }
    expect(cluster.changes().every((change) => change === `HEAD ${M}/v2/pods`)).toBe(true);
  });
});

describe('pods that do not come up', () => {
  it('say what ended of them, once, and which containers are not healthy', async () => {
    const deployment = {
      id: 'dep-p',
      version: POD.spec.version,
      affectedApps: [],
      affectedPods: ['/pod'],
      steps: [],
      currentActions: [{ action: 'ScalePod', pod: '/pod' }],
      currentStep: 1,
      totalSteps: 1,
    };
    const ended = (startedAt: string, message: string) => ({
      instanceID: 'pod.instance-dddd',
      startedAt,
      terminatedAt: '2020-01-03T00:00:00.000Z',
      message,
    });
    const sick = { name: 'healthy', value: 'false', reason: 'health-reported-by-mesos' };
    cluster.answers[`GET ${M}/v2/queue`] = { body: { queue: [] } };
    cluster.answers[`GET ${M}/v2/deployments`] = { body: [deployment] };
    cluster.answers[`GET ${M}/v2/pods/pod::status`] = {
      body: {
        ...POD,
        status: 'DEGRADED',
        instances: [
          {
            id: 'pod.instance-dddd',
            status: 'DEGRADED',
            containers: [
              { name: 'c1', status: 'TASK_RUNNING', conditions: [sick] },
              { name: 'c2', status: 'TASK_RUNNING', conditions: [{ ...sick, value: 'true' }] },
              {
                name: 'c3',
                status: 'TASK_RUNNING',
                conditions: [{ ...sick, reason: 'health-unreported-by-mesos' }],
              },
            ],
          },
        ],
        terminationHistory: [
          ended('2020-01-01T00:00:00.000Z', 'of an earlier version'),
          ended('2020-01-02T00:00:01.000Z', 'Command exited with status 1'),
        ],
      },
    };
    const { code, stderr } = await cluster.run(['marathon', 'pod', 'add', '--wait', '--timeout', '2s'], {
      input: JSON.stringify(definition),
    });
    expect(code).toBe(7);
    expect(stderr).not.toContain('of an earlier version');
    const ending = 'pod.instance-dddd ended: Command exited with status 1';
    expect(stderr.split('\n').filter((line) => line === ending)).toHaveLength(1);
    expect(stderr).toContain(`  ${ending}\n`);
    expect(stderr).toContain('  container c1 of pod.instance-dddd is not healthy\n');
    expect(stderr).not.toContain('container c2');
    expect(stderr).toContain('  container c3 of pod.instance-dddd has no answer of its health check\n');
  });
});

describe('pods that wait', () => {
  it('say what all their containers ask for, and which of it the offers had not', async () => {
    const summary = await cluster.run(['marathon', 'debug', 'summary', 'idle']);
    expect(summary.stdout).toMatch(/CONSTRAINTS +\[\["rack","IS","r1"\]\] +1\/2/);
    expect(summary.stdout).toMatch(/CPUS +0\.4 +1\/2/);
    expect(summary.stdout).toMatch(/MEM +128 /);
    expect(summary.stdout).toMatch(/DISK +10 +1\/2/);
  });
});
