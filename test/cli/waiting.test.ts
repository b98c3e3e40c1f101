import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { followDeployment } from '../../src/cli/apps/follow-deployment.ts';
import { explainQueueItem } from '../../src/cli/apps/why-waiting.ts';
import type { MarathonClient } from '../../src/clients/marathon-client.ts';
import type { MarathonQueueItem } from '../../src/clients/marathon-types.ts';
import { type FakeCluster, startFakeCluster } from './fake-cluster.ts';

const M = '/service/marathon/v2';

let cluster: FakeCluster;

beforeEach(async () => {
  cluster = await startFakeCluster({
    [`GET ${M}/queue`]: { body: { queue: [] } },
    [`GET ${M}/deployments`]: { body: [] },
  });
});

afterEach(() => cluster.close());

const deployment = (currentStep: number): object => ({
  id: 'dep-1',
  version: 'v',
  affectedApps: ['/web'],
  affectedPods: [],
  steps: [],
  currentActions: [{ action: 'ScaleApplication', app: '/web' }],
  currentStep,
  totalSteps: 2,
});

const queueItem = (more = {}): MarathonQueueItem => ({
  app: { id: '/web', cpus: 1_000, mem: 16, constraints: [['hostname', 'UNIQUE']], role: 'dev' },
  count: 2,
  delay: { timeLeftSeconds: 0, overdue: true },
  ...more,
});

const offer = (hostname: string, ...reason: string[]): object => ({
  offer: { id: `o-${hostname}`, hostname, agentId: 'S' },
  reason,
  timestamp: 't',
});

const refusedEverywhere = queueItem({
  processedOffersSummary: {
    processedOffersCount: 3,
    unusedOffersCount: 3,
    rejectSummaryLastOffers: [
      { reason: 'UnfulfilledConstraint', declined: 1, processed: 3 },
      { reason: 'InsufficientCpus', declined: 2, processed: 2 },
      { reason: 'InsufficientMemory', declined: 0, processed: 0 },
    ],
  },
  lastUnusedOffers: [
    offer('a', 'UnfulfilledConstraint'),
    offer('b', 'InsufficientCpus'),
    offer('c', 'InsufficientCpus'),
  ],
});

describe('why an app waits', () => {
  it('is told by what was refused, on which agents', () => {
    expect(explainQueueItem(refusedEverywhere)).toBe(
      '/web waits to launch 2 instances: constraint hostname:UNIQUE not met on 1 of 3 agents (a); not enough cpus (1000 asked) on 2 of 2 agents (b, c)',
    );
  });

  it('may be back-off, or that nothing was offered', () => {
    const delay = { timeLeftSeconds: 7, overdue: false };
    expect(explainQueueItem(queueItem({ delay }))).toBe(
      '/web waits to launch 2 instances: the last one failed, the next is launched in 7 s',
    );
    expect(explainQueueItem(queueItem({ count: 1 }))).toBe(
      '/web waits to launch 1 instance: the master has offered nothing yet to role dev',
    );
  });
});

/** An app that becomes usable when it was asked for so many times. */
const appUsableAfter = (asked: number, more = {}) => {
  let count = 0;
  cluster.answers[`GET ${M}/apps/web`] = () => {
    const isUsable = ++count > asked;
    const tasksRunning = isUsable ? 2 : 1;
    return { body: { app: { id: '/web', instances: 2, tasksRunning, version: 'v', ...more } } };
  };
};

describe('--wait', () => {
  beforeEach(() => {
    cluster.answers[`POST ${M}/apps`] = {
      status: 201,
      body: { id: '/web', instances: 2, deployments: [{ id: 'dep-1' }] },
    };
  });

  const add = (...flags: string[]) =>
    cluster.run(['marathon', 'app', 'add', '--wait', ...flags], {
      input: '{"id": "/web", "tasks": [], "extra": 1}',
    });

  it('returns when the deployment is over and all instances run', async () => {
    let left = 2;
    cluster.answers[`GET ${M}/deployments`] = () => ({ body: left-- > 0 ? [deployment(1)] : [] });
    appUsableAfter(1);
    const { code, stdout, stderr } = await add();
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: 'Created deployment dep-1\n',
      stderr: '/web is deployed: 2 of 2 running\n',
    });
    expect(cluster.changes()).toEqual([`POST ${M}/apps {"id":"/web","extra":1}`]);
  });

  it('as JSON prints the app as it is then, and nothing else', async () => {
    appUsableAfter(0);
    const { stdout, stderr } = await add('--json');
    expect(JSON.parse(stdout)).toMatchObject({ id: '/web', tasksRunning: 2 });
    expect(stderr).toBe('');
  });

  it('waits for health checks too', async () => {
    const { code, stderr } = await (async () => {
      appUsableAfter(0, {
        healthChecks: [{}],
        tasksHealthy: 1,
        tasks: [{ id: 'web.1', healthCheckResults: [{ alive: false, lastFailureCause: 'HTTP 503' }] }],
      });
      return add('--timeout', '100ms');
    })();
    expect(code).toBe(7);
    expect(stderr.split('\n').slice(0, 2)).toEqual([
      expect.stringMatching(/^Error: \/web is not usable after \d+ ms: 2 of 2 running, 1 healthy$/),
      '  web.1 is not healthy: HTTP 503',
    ]);
  });

  it('that takes too long ends with 7, and says which resource was refused and what failed', async () => {
    cluster.answers[`GET ${M}/deployments`] = { body: [deployment(1)] };
    cluster.answers[`GET ${M}/queue`] = { body: { queue: [refusedEverywhere] } };
    appUsableAfter(99, {
      lastTaskFailure: { taskId: 'web.0', host: 'a', state: 'TASK_FAILED', message: 'exit 1', version: 'v' },
    });
    const { code, stdout, stderr } = await add('--timeout', '100ms');
    expect({ code, stdout }).toEqual({ code: 7, stdout: 'Created deployment dep-1\n' });
    expect(stderr.split('\n')).toEqual([
      'web.0 failed on a (TASK_FAILED): exit 1',
      expect.stringMatching(/^Error: Deployment dep-1 is not done after \d+ ms$/),
      '  deployment dep-1: step 1/2 scale /web',
      expect.stringMatching(/^ {2}\/web waits to launch 2 instances: .*cpus \(1000 asked\)/),
      '  web.0 failed on a (TASK_FAILED): exit 1',
      '  It goes on: plenum marathon deployment watch dep-1; to give it up: plenum marathon deployment stop dep-1',
      '',
    ]);
  });

  it('fails when the app is taken away meanwhile', async () => {
    const { code, stderr } = await add();
    expect(code).toBe(1);
    expect(stderr).toContain('/web was removed while it was waited for');
  });

  it('when interrupted says that the deployment goes on, and ends with 130', async () => {
    const controller = new AbortController();
    cluster.answers[`GET ${M}/deployments`] = () => {
      queueMicrotask(() => controller.abort());
      return { body: [deployment(1)] };
    };
    const { code, stderr } = await cluster.run(['marathon', 'app', 'add', '--wait'], {
      input: '{"id": "/web"}',
      signal: controller.signal,
    });
    expect(code).toBe(130);
    expect(stderr).toContain('plenum marathon deployment watch dep-1');
  });

  it('notes every failure of a task once', async () => {
    let asked = 0;
    const marathon = {
      getDeployments: async () => (asked < 4 ? [deployment(1)] : []),
      getDeployment: async () => ({ outcome: 'succeeded' }),
      getQueue: async () => [],
      getApp: async (id: string) => {
        asked++;
        const failure = { taskId: `web.${asked < 3 ? 1 : 2}`, message: `exit ${asked}`, version: 'v' };
        return { id, version: 'v', lastTaskFailure: { ...failure, host: 'a', state: 'TASK_FAILED' } };
      },
    } as unknown as MarathonClient;
    const notes: string[] = [];
    await followDeployment('dep-1', {
      marathon,
      progress: { say: () => undefined, note: (line) => notes.push(line), stop: () => undefined },
      deadline: performance.now() + 10_000,
      signal: new AbortController().signal,
      askWhyEveryMs: 0,
    });
    expect(notes).toEqual([
      'web.1 failed on a (TASK_FAILED): exit 1',
      'web.2 failed on a (TASK_FAILED): exit 3',
    ]);
  });
});

describe('app commands', () => {
  beforeEach(() => {
    appUsableAfter(99, { labels: { a: '1' }, instances: 2 });
    const body = { version: 'v', deploymentId: 'dep-1' };
    cluster.answers[`PUT ${M}/apps/web`] = { body };
    cluster.answers[`POST ${M}/apps/web/restart`] = { body };
    cluster.answers[`DELETE ${M}/apps/web`] = { body };
    cluster.answers[`DELETE ${M}/apps/web/tasks`] = { body: { tasks: [{ id: 'web.1' }, { id: 'web.2' }] } };
  });

  it.each([
    [['update', 'web', 'cpus=2', 'labels.b=x'], `PUT ${M}/apps/web {"cpus":2,"labels":{"a":"1","b":"x"}}`],
    [['scale', '/web', '5', '--force'], `PUT ${M}/apps/web?force=true {"instances":5}`],
    [['stop', '/web'], `PUT ${M}/apps/web {"instances":0}`],
    [['restart', '/web/'], `POST ${M}/apps/web/restart {}`],
    [['remove', '/web'], `DELETE ${M}/apps/web?force=false`],
    [['rm', '/web', '--force'], `DELETE ${M}/apps/web?force=true`],
  ])('%j sends one change and prints its deployment', async (args, change) => {
    const { code, stdout } = await cluster.run(['marathon', 'app', ...args]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Created deployment dep-1\n' });
    expect(cluster.changes()).toEqual([change]);
  });

  it('update takes what show printed, without what is only told', async () => {
    const shown = { id: '/web', cpus: 3, version: 'v', tasksRunning: 2, versionInfo: {}, deployments: [] };
    await cluster.run(['marathon', 'app', 'update', '/web'], { input: JSON.stringify(shown) });
    await cluster.run(['marathon', 'app', 'update', '/web'], {
      input: '{"version": "2026-01-01T00:00:00.000Z"}',
    });
    expect(cluster.changes()).toEqual([
      `PUT ${M}/apps/web {"id":"/web","cpus":3}`,
      `PUT ${M}/apps/web {"version":"2026-01-01T00:00:00.000Z"}`,
    ]);
  });

  it('update of an app that there is not makes none', async () => {
    cluster.answers[`GET ${M}/apps/web`] = { status: 404, body: { message: "App '/web' does not exist" } };
    expect((await cluster.run(['marathon', 'app', 'update', '/web', 'cpus=2'])).code).toBe(3);
    expect((await cluster.run(['marathon', 'app', 'scale', '/web', '2'])).code).toBe(3);
    expect(cluster.changes()).toEqual([]);
  });

  it('kill prints what was killed, and --wait waits for others in their place', async () => {
    let asked = 0;
    cluster.answers[`GET ${M}/apps/web`] = () => {
      const tasks = [{ id: asked++ < 2 ? 'web.2' : 'web.3' }];
      return { body: { app: { id: '/web', instances: 1, tasksRunning: 1, tasks } } };
    };
    const { code, stdout } = await cluster.run(['marathon', 'app', 'kill', '/web', '--wait']);
    expect({ code, stdout, asked }).toEqual({
      code: 0,
      stdout: 'Killed tasks: [{"id":"web.1"},{"id":"web.2"}]\n',
      asked: 3,
    });
  });

  it.each([
    [['start', '/web'], 'is started already'],
    [['start', '/web', '0'], 'at least one instance'],
    [['scale', '/', '1'], 'The id of an app is expected'],
  ])('%j is refused', async (args, message) => {
    const { code, stderr } = await cluster.run(['marathon', 'app', ...args]);
    expect(code).not.toBe(0);
    expect(stderr).toContain(message);
    expect(cluster.changes()).toEqual([]);
  });
});
