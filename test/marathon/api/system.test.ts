import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { REJECT_REASONS } from '../../../src/marathon/core/reject-reason.ts';
import { type ServedMarathon, serveMarathon } from './served-marathon.ts';

let marathon: ServedMarathon;

beforeEach(async () => {
  marathon = await serveMarathon();
});

afterEach(() => marathon.close());

const call: ServedMarathon['call'] = (...request) => marathon.call(...request);
const app = (id: string, more: object = {}) => ({ id, cmd: 'sleep 600', cpus: 0.1, mem: 16, ...more });

/** What marathon-python takes; it fails on any other. */
const KNOWN_CONFIG_KEYS = `
  access_control_allow_origin checkpoint decline_offer_duration default_network_name env_vars_prefix
  executor failover_timeout features framework_name ha
  hostname launch_token launch_token_refresh_interval leader_proxy_connection_timeout_ms leader_proxy_read_timeout_ms
  local_port_max local_port_min maintenance_mode master max_instances_per_offer
  mesos_bridge_name mesos_heartbeat_failure_threshold mesos_heartbeat_interval mesos_leader_ui_url mesos_role
  mesos_user min_revive_offers_interval new_group_enforce_role offer_matching_timeout on_elected_prepare_timeout
  reconciliation_initial_delay reconciliation_interval scale_apps_initial_delay scale_apps_interval store_cache
  task_launch_confirm_timeout task_launch_timeout task_lost_expunge_initial_delay task_lost_expunge_interval task_reservation_timeout
  webui_url
`
  .trim()
  .split(/\s+/);

describe('deployments', () => {
  it('are listed while they are under way, with where they are', async () => {
    const { body: created } = await call('POST', '/v2/apps', app('/big', { cpus: 1000 }));
    const { body } = await call('GET', '/v2/deployments');
    expect(body).toEqual([
      {
        id: expect.any(String),
        version: created.version,
        affectedApps: ['/big'],
        affectedPods: [],
        steps: [
          { actions: [{ action: 'StartApplication', app: '/big' }] },
          { actions: [{ action: 'ScaleApplication', app: '/big' }] },
        ],
        currentActions: [{ action: 'ScaleApplication', app: '/big', readinessCheckResults: [] }],
        currentStep: 2,
        totalSteps: 2,
      },
    ]);
  });

  it('are undone by DELETE, and left as they are by force', async () => {
    await call('POST', '/v2/apps', app('/a'));
    await marathon.harness.deployed();
    const { body: update } = await call('PUT', '/v2/apps/a', { cpus: 1000 });
    const undone = await call('DELETE', `/v2/deployments/${update.deploymentId}`);
    expect(undone.status).toBe(200);
    expect(undone.headers['marathon-deployment-id']).toBe(undone.body.deploymentId);
    await marathon.harness.deployed();
    expect((await call('GET', '/v2/apps/a')).body.app).toMatchObject({ cpus: 0.1, tasksRunning: 1 });

    const { body: again } = await call('PUT', '/v2/apps/a', { cpus: 1000 });
    const dropped = await call('DELETE', `/v2/deployments/${again.deploymentId}?force=True`);
    expect([dropped.status, dropped.body]).toEqual([202, '']);
    expect((await call('GET', '/v2/apps/a')).body.app).toMatchObject({ cpus: 1000 });
    expect(await call('DELETE', '/v2/deployments/nope')).toMatchObject({
      status: 404,
      body: { message: 'DeploymentPlan nope does not exist', details: [] },
    });
  });
});

describe('the queue', () => {
  it('tells what waits, for how long, and which offers were of no use for which reason', async () => {
    await call('POST', '/v2/apps', app('/big', { cpus: 1000, instances: 2 }));
    await marathon.harness.pass(2000);
    const { queue = [] } = (await call('GET', '/v2/queue')).body;
    expect(queue).toHaveLength(1);
    expect(queue[0]).toMatchObject({
      count: 2,
      role: '*',
      delay: { timeLeftSeconds: 0, overdue: true },
      since: expect.stringMatching(/Z$/),
      processedOffersSummary: { processedOffersCount: 2, unusedOffersCount: 2 },
      app: { id: '/big', cpus: 1000 },
    });
    const untouched = { declined: 0, processed: expect.any(Number) };
    expect(queue[0]?.processedOffersSummary).toMatchObject({
      rejectSummaryLastOffers: REJECT_REASONS.map((reason) =>
        reason === 'InsufficientCpus' ? { reason, declined: 2, processed: 2 } : { reason, ...untouched },
      ),
    });
    expect(queue[0]).not.toHaveProperty('lastUnusedOffers');
  });

  it('shows the offers themselves when it is asked', async () => {
    await call('POST', '/v2/apps', app('/big', { cpus: 1000 }));
    await marathon.harness.pass(2000);
    const { queue = [] } = (await call('GET', '/v2/queue?embed=lastUnusedOffers')).body;
    expect(queue[0]?.lastUnusedOffers).toContainEqual({
      offer: {
        id: expect.any(String),
        hostname: 'agent-0.example',
        agentId: 'agent-0',
        resources: expect.arrayContaining([
          { name: 'cpus', role: '*', scalar: 8 },
          { name: 'ports', role: '*', ranges: expect.arrayContaining([{ begin: 31000, end: 31000 }]) },
        ]),
        attributes: [],
      },
      reason: ['InsufficientCpus'],
      detail: [expect.stringContaining('cpus')],
      timestamp: expect.stringMatching(/Z$/),
    });
  });

  it('lets go of a back-off', async () => {
    marathon.harness.master.behaviour = () => 'fail';
    await call('POST', '/v2/apps', app('/g/failing', { backoffSeconds: 300 }));
    await marathon.harness.pass(3000);
    const [item] = (await call('GET', '/v2/queue')).body.queue ?? [];
    expect(item?.delay).toMatchObject({ overdue: false });
    const { status, body } = await call('DELETE', '/v2/queue/g/failing/delay');
    expect([status, body]).toEqual([204, '']);
    expect(await call('DELETE', '/v2/queue/nope/delay')).toMatchObject({
      status: 404,
      body: { message: 'Application /nope not found in tasks queue.' },
    });
  });
});

describe('what Marathon says about itself', () => {
  it('pings in the type that is asked for', async () => {
    const ping = async (accept: string) => {
      const { status, headers, body } = await call('GET', '/ping', undefined, { accept });
      return [status, String(headers['content-type']).split(';')[0], body];
    };
    expect(await ping('*/*')).toEqual([200, 'text/plain', 'pong']);
    expect(await ping('text/html')).toEqual([200, 'text/html', 'pong']);
    expect(await ping('application/json')).toEqual([200, 'application/json', 'pong']);
    expect((await ping('image/png'))[0]).toBe(204);
  });

  it('gives its facts with the keys that strict clients know, and no others', async () => {
    const { body } = await call('GET', '/v2/info');
    expect(body).toMatchObject({
      name: 'marathon',
      version: '1.11.0',
      elected: true,
      leader: '127.0.0.1:8080',
      frameworkId: 'framework-1',
      marathon_config: { mesos_role: '*', local_port_min: 10_000, local_port_max: 20_000, mesos_user: null },
    });
    const { marathon_config, zookeeper_config } = body;
    expect(Object.keys(marathon_config ?? {}).sort()).toEqual(KNOWN_CONFIG_KEYS);
    expect(Object.keys(zookeeper_config ?? {})).toHaveLength(8);
  });

  it('is its own leader', async () => {
    const { headers, body } = await call('GET', '/v2/leader');
    expect(body).toEqual({ leader: '127.0.0.1:8080' });
    expect(headers['x-marathon-leader']).toBe('http://127.0.0.1:8080');
    expect(headers['cache-control']).toContain('no-store');
  });

  it('steps down when it is told to: streams end, and it comes back with all that runs', async () => {
    await call('POST', '/v2/apps', app('/a'));
    await marathon.harness.deployed();
    const before = (await call('GET', '/v2/apps/a/tasks')).body.tasks;
    const stream = await fetch(`${marathon.url}/v2/events`, { headers: { accept: 'text/event-stream' } });
    expect(await call('DELETE', '/v2/leader')).toMatchObject({
      status: 200,
      body: { message: 'Leadership abdicated' },
    });
    await marathon.harness.pass(1000);
    expect(await stream.text()).toContain('event_stream_attached');
    expect((await call('GET', '/v2/leader')).body).toEqual({ leader: '127.0.0.1:8080' });
    expect((await call('GET', '/v2/apps/a/tasks')).body.tasks).toEqual(before);
    expect(await call('DELETE', '/v2/leader?backup=file:///b')).toMatchObject({ status: 400 });
  });

  it('has metrics of what there is', async () => {
    await call('POST', '/v2/apps', app('/a', { instances: 2 }));
    await marathon.harness.deployed();
    const { gauges } = (await call('GET', '/metrics')).body;
    expect(gauges).toMatchObject({
      'marathon.apps.active.gauge': { value: 1 },
      'marathon.instances.running.gauge': { value: 2 },
      'marathon.pods.active.gauge': { value: 0 },
      'marathon.deployments.active.gauge': { value: 0 },
    });
    expect((await call('GET', '/metrics/prometheus')).status).toBe(404);
  });

  it('has no plugins, and says so', async () => {
    expect((await call('GET', '/v2/plugins')).body).toEqual({ plugins: [] });
    expect((await call('GET', '/v2/plugins/x/main.js')).body.message).toBe('No plugin with this pluginId: x');
  });

  it('answers unknown paths and methods in its own shape', async () => {
    const { status, headers, body } = await call('GET', '/v2/unheard');
    expect([status, body]).toEqual([404, { message: 'URI not found: /v2/unheard' }]);
    expect(headers['content-type']).toBe('application/json');
    expect(await call('POST', '/v2/queue', {})).toMatchObject({
      status: 405,
      body: { message: 'Method Not Allowed' },
      headers: { allow: 'GET, OPTIONS' },
    });
  });

  it('zips long answers for clients that ask for it', async () => {
    for (let index = 0; index < 5; index++) await call('POST', '/v2/apps', app(`/a${index}`));
    const { headers } = await call('GET', '/v2/info', undefined, { 'accept-encoding': 'identity' });
    expect(headers).not.toHaveProperty('content-encoding');
    const response = await fetch(`${marathon.url}/v2/apps`, { headers: { 'accept-encoding': 'gzip' } });
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(((await response.json()) as { apps: unknown[] }).apps).toHaveLength(5);
  });
});
