import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { interruption } from '../../src/cli/errors/cli-error.ts';
import { type FakeCluster, startFakeCluster } from './fake-cluster.ts';

const M = '/service/marathon/v2';

interface State {
  tasks: object[];
  deployments: { id: string }[];
  tasksRunning: number;
  tasksHealthy: number;
  frameworks: { name: string; active: boolean }[];
}

let cluster: FakeCluster;
let state: State;
/** Name under which the gateway knows the service. */
let service: string | undefined;
/** What happens at each look at the app, in this order; the last stays. */
let events: ((state: State) => void)[];

const task = (version: string, isAlive: boolean): object => ({
  id: `db.${version}`,
  appId: '/db',
  state: 'TASK_RUNNING',
  version,
  healthCheckResults: [{ alive: isAlive, lastFailureCause: 'connection refused' }],
});

beforeEach(async () => {
  state = { tasks: [], deployments: [{ id: 'd' }], tasksRunning: 0, tasksHealthy: 0, frameworks: [] };
  events = [];
  service = undefined;
  cluster = await startFakeCluster({
    'POST /package/describe': { body: { package: { name: 'db', version: '2', description: '' } } },
    'POST /package/install': { body: { packageName: 'db', packageVersion: '2', appId: '/db' } },
    [`GET ${M}/apps/db`]: () => {
      events.shift()?.(state);
      const { frameworks, ...own } = state;
      const labels = { DCOS_PACKAGE_FRAMEWORK_NAME: 'db', ...(service && { DCOS_SERVICE_NAME: service }) };
      return {
        body: { app: { id: '/db', instances: 1, healthChecks: [{}], version: 'new', labels, ...own } },
      };
    },
    [`GET ${M}/queue`]: { body: { queue: [] } },
    [`GET ${M}/deployments/d`]: { body: { id: 'd', outcome: 'succeeded', affectedApps: [], steps: [] } },
    'GET /mesos/frameworks': () => ({ body: { frameworks: state.frameworks, completed_frameworks: [] } }),
  });
});

afterEach(() => cluster.close());

const install = (...flags: string[]) =>
  cluster.run(['package', 'install', 'db', '--yes', '--wait', ...flags]);

const deployed = (over: State): void => {
  Object.assign(over, { tasks: [task('new', true)], tasksRunning: 1, tasksHealthy: 1, deployments: [] });
};

describe('package install --wait', () => {
  it('tells each phase as it is reached, and returns when the service is ready', async () => {
    events = [
      () => undefined,
      (now) => {
        now.tasks = [task('new', false)];
      },
      (now) => {
        now.tasks = [task('new', true)];
      },
      deployed,
      (now) => {
        now.frameworks = [{ name: 'db', active: true }];
      },
    ];
    const { code, stdout, stderr } = await install();
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toEqual([
      'Installing db 2 as /db',
      'validated: the options fit the package',
      'rendered: the app is complete',
      'deployed: Marathon has taken it on',
      'tasks running: 1 of 1 running',
      'healthy: 1 of 1 healthy',
      'ready: it can be used',
      'db is installed and usable',
    ]);
    expect(events).toEqual([]);
  });

  it('counts tasks of the new version alone while it is deployed', async () => {
    state.tasks = [task('old', true)];
    Object.assign(state, { tasksRunning: 1, tasksHealthy: 1, frameworks: [{ name: 'db', active: true }] });
    const { code, stderr } = await install('--timeout', '300ms');
    expect(code).toBe(7);
    expect(stderr).toContain('/db is not ready after');
    expect(stderr).toContain(': 0 of 1 running');
  });

  it('that takes too long names the phase that is missing and the reason', async () => {
    state.tasks = [task('new', false)];
    const { code, stderr } = await install('--timeout', '300ms');
    expect(code).toBe(7);
    expect(stderr).toContain('tasks running: 1 of 1 running\n');
    expect(stderr).toContain(': 0 of 1 healthy');
    expect(stderr).toContain('db.new is not healthy: connection refused');
    expect(stderr).toContain('plenum package uninstall db --app-id /db gives it up');
  });

  it('that takes too long names the tasks that the scheduler of the service is still at', async () => {
    const step = (name: string, status: string, message = '') => ({ id: name, name, status, message });
    cluster.answers['GET /service/data/db/v1/plans/deploy'] = {
      body: {
        phases: [
          { steps: [step('node-0-server', 'COMPLETE')] },
          {
            steps: [
              step('node-1-server', 'DELAYED', 'TASK_FAILED: no java'),
              step('node-2-server', 'PENDING'),
            ],
          },
        ],
      },
    };
    state.tasks = [task('new', true)];
    service = 'data/db';
    const { code, stderr } = await install('--timeout', '300ms');
    expect(code).toBe(7);
    expect(stderr).toContain('node-1-server: TASK_FAILED: no java');
    expect(stderr).toContain('node-2-server: pending');
    expect(stderr).not.toContain('node-0-server');
  });

  it('waits for the framework, unless the master does not tell of any', async () => {
    deployed(state);
    const late = await install('--timeout', '300ms');
    expect({ code: late.code, stderr: late.stderr }).toMatchObject({
      code: 7,
      stderr: expect.stringContaining('its framework db has not registered'),
    });
    cluster.answers['GET /mesos/frameworks'] = { status: 403, body: {} };
    expect((await install()).code).toBe(0);
  });

  it('says how a deployment ended that did not succeed', async () => {
    deployed(state);
    state.frameworks = [{ name: 'db', active: true }];
    cluster.answers[`GET ${M}/deployments`] = { body: [] };
    cluster.answers[`GET ${M}/deployments/d`] = {
      body: { id: 'd', outcome: 'cancelled', affectedApps: ['/db'], steps: [] },
    };
    events = [
      (now) => {
        now.deployments = [{ id: 'd' }];
      },
      deployed,
    ];
    const { code, stderr } = await install();
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('was given up') });
  });

  it('when it is interrupted says what goes on', async () => {
    const controller = new AbortController();
    events = [() => controller.abort(interruption())];
    const { code, stderr } = await cluster.run(['package', 'install', 'db', '--yes', '--wait'], {
      signal: controller.signal,
    });
    expect(code).toBe(130);
    expect(stderr).toContain('The installation goes on: plenum marathon app show /db');
  });
});

describe('package uninstall --keep-data', () => {
  it('is sent to a service that heeds it, and to no other', async () => {
    cluster.answers['POST /package/uninstall'] = { body: { results: [] } };
    const uninstall = () => cluster.run(['package', 'uninstall', 'db', '--yes', '--keep-data']);
    expect((await uninstall()).code).toBe(1);
    expect(cluster.changes()).toEqual([]);
    cluster.answers['GET /package/uninstalls'] = { body: { uninstalls: [] } };
    expect((await uninstall()).code).toBe(0);
    expect(cluster.changes()).toEqual(['POST /package/uninstall {"packageName":"db","keepData":true}']);
  });
});

describe('package uninstall --wait', () => {
  it('tells the phases, and when it is interrupted what goes on', async () => {
    const controller = new AbortController();
    const uninstall = (phase: string): object => ({ id: 'u', state: 'UNDER_WAY', phase });
    const record = (phase: string): object => ({
      packageName: 'db',
      appId: '/db',
      uninstall: uninstall(phase),
    });
    cluster.answers['POST /package/uninstall'] = { body: { results: [record('STOPPING_APP')] } };
    const phases = ['STOPPING_APP', 'STOPPING_APP', 'TEARING_DOWN'];
    cluster.answers['GET /package/uninstalls'] = () => {
      const phase = phases.shift();
      if (phase === undefined) controller.abort(interruption());
      return { body: { uninstalls: [record(phase ?? 'FREEING_RESOURCES')] } };
    };
    const { code, stderr } = await cluster.run(['package', 'uninstall', 'db', '--yes', '--wait'], {
      signal: controller.signal,
    });
    expect(code).toBe(130);
    expect(stderr.split('\n').slice(0, 2)).toEqual([
      '/db: its app is being removed',
      '/db: its framework is being shut down',
    ]);
    expect(stderr).toContain('The uninstallation goes on by itself');
  });
});
