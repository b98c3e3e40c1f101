import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HttpStream, openStream } from '../../../src/http/client.ts';
import { waitFor } from '../../support/wait-for.ts';
import { type Body, type ServedMarathon, serveMarathon } from './served-marathon.ts';

/** What programs read that nobody can change any more: marathon-lb (marathon.md 4.1) and the web UI (4.2). */

let marathon: ServedMarathon;
const streams: HttpStream[] = [];

beforeEach(async () => {
  marathon = await serveMarathon();
});

afterEach(async () => {
  for (const stream of streams.splice(0)) stream.close();
  await marathon.close();
});

const call: ServedMarathon['call'] = (...request) => marathon.call(...request);
const check = { protocol: 'TCP', portIndex: 1 };
const web = {
  id: '/web',
  cmd: 'sleep 600',
  cpus: 0.1,
  mem: 16,
  instances: 2,
  portDefinitions: [
    { port: 0, name: 'one' },
    { port: 10_123, name: 'two' },
  ],
  healthChecks: [check],
};
const bridged = {
  id: '/bridged',
  cpus: 0.1,
  mem: 16,
  labels: { HAPROXY_GROUP: 'external', HAPROXY_0_VHOST: 'shop.example' },
  networks: [{ mode: 'container/bridge' }],
  container: { type: 'DOCKER', docker: { image: 'web:1' }, portMappings: [{ containerPort: 80 }] },
};

describe('marathon-lb', () => {
  const apps = async (): Promise<readonly Body[]> =>
    (await call('GET', '/v2/apps?embed=apps.tasks', undefined, { accept: 'application/json' })).body.apps ??
    [];

  it('finds labels and tasks of every app, ports paired by position, and all numbers of checks', async () => {
    await call('POST', '/v2/apps', web);
    await call('POST', '/v2/apps', bridged);
    await waitFor('all tasks run', async () => {
      await marathon.harness.pass(100);
      const tasks = (await apps()).flatMap((app) => app.tasks ?? []);
      return tasks.length === 3 && tasks.every(({ state }) => state === 'TASK_RUNNING');
    });

    const found = Object.fromEntries((await apps()).map((app) => [app.id, app]));
    expect(found['/web']).toMatchObject({
      labels: {},
      networks: [{ mode: 'host' }],
      portDefinitions: [{ port: 10_000 }, { port: 10_123 }],
      healthChecks: [
        {
          ...check,
          timeoutSeconds: 20,
          intervalSeconds: 60,
          gracePeriodSeconds: 300,
          maxConsecutiveFailures: 3,
        },
      ],
      versionInfo: { lastScalingAt: expect.stringMatching(/\.\d{3}Z$/) },
    });
    for (const task of found['/web']?.tasks ?? []) {
      expect(task).toMatchObject({
        host: expect.stringMatching(/./),
        ports: [expect.any(Number), expect.any(Number)],
        servicePorts: [10_000, 10_123],
      });
    }
    expect(found['/bridged']).toMatchObject({
      labels: bridged.labels,
      networks: [{ mode: 'container/bridge' }],
      container: { portMappings: [{ containerPort: 80, servicePort: 10_001 }] },
      tasks: [{ ports: [expect.any(Number)], ipAddresses: expect.any(Array) }],
    });
  });

  it('finds empty tasks and labels where there are none', async () => {
    await call('POST', '/v2/apps', { ...web, instances: 0 });
    expect(await apps()).toMatchObject([{ labels: {}, tasks: [] }]);
  });

  it('hears its three events, one line of data each, and no others', async () => {
    const types = ['api_post_event', 'health_status_changed_event', 'status_update_event'];
    const query = types.map((type) => `event_type=${type}`).join('&');
    const stream = await openStream({
      url: `${marathon.url}/v2/events?plan-format=light&${query}`,
      headers: { accept: 'text/event-stream', 'cache-control': 'no-cache', 'accept-encoding': 'gzip' },
    });
    streams.push(stream);
    let text = '';
    void (async () => {
      for await (const chunk of stream.body) text += chunk.toString();
    })().catch(() => undefined);

    await call('POST', '/v2/apps', { ...web, instances: 1, healthChecks: [] });
    await marathon.harness.deployed();
    await waitFor('the last event', () => text.includes('TASK_RUNNING'));
    const seen = text
      .split('\r\n')
      .flatMap((line) => (line.startsWith('data: ') ? [JSON.parse(line.slice(6)).eventType] : []));
    expect(seen[0]).toBe('api_post_event');
    expect(types).toEqual(expect.arrayContaining(seen));
  });

  it('scales an app down by tasks that it names, and sees that a deployment is under way', async () => {
    await call('POST', '/v2/apps', { ...web, healthChecks: [] });
    await marathon.harness.deployed();
    const { tasks = [] } = (await call('GET', '/v2/apps/web')).body.app ?? {};
    const ids = [tasks[0]?.id];
    expect((await call('POST', '/v2/tasks/delete?scale=true', { ids })).body).toHaveProperty('deploymentId');
    expect((await call('GET', '/v2/apps')).body.apps).toMatchObject([
      { instances: 1, deployments: [{ id: expect.any(String) }] },
    ]);
  });
});

describe('the web UI', () => {
  const EMBEDS = [
    'group.groups',
    'group.apps',
    'group.apps.deployments',
    'group.apps.counts',
    'group.apps.readiness',
  ];

  it('polls the groups with counts and deployments of every app, at every depth', async () => {
    await call('POST', '/v2/apps', { ...web, id: '/a/b/web', healthChecks: [] });
    await marathon.harness.deployed();
    const query = EMBEDS.map((name) => `embed=${name}`).join('&');
    const { body } = await call('GET', `/v2/groups?${query}`);
    expect(body.groups?.[0]?.groups?.[0]?.apps).toMatchObject([
      {
        id: '/a/b/web',
        tasksRunning: 2,
        tasksStaged: 0,
        tasksHealthy: 0,
        tasksUnhealthy: 0,
        deployments: [],
      },
    ]);
  });

  it('asks for statistics under the name that clients know', async () => {
    await call('POST', '/v2/apps', { ...web, healthChecks: [] });
    await marathon.harness.deployed();
    const { app } = (await call('GET', '/v2/apps//web?embed=app.taskStats&embed=app.readiness')).body;
    expect(app).toHaveProperty('taskStats.totalSummary.stats.counts.running', 2);
    expect(app).not.toHaveProperty('tasksStats');
  });

  it('restarts with a body that nobody reads, and scales groups', async () => {
    await call('POST', '/v2/groups', { id: '/g', apps: [{ ...web, id: 'web', healthChecks: [] }] });
    await marathon.harness.deployed();
    expect((await call('POST', '/v2/apps//g/web/restart', { force: false })).status).toBe(200);
    await marathon.harness.deployed();
    expect((await call('PUT', '/v2/groups//g', { scaleBy: 1.4 })).status).toBe(200);
    expect((await call('GET', '/v2/apps//g/web')).body.app).toMatchObject({ instances: 3 });
  });
});
