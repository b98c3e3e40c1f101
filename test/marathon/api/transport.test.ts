import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStream } from '../../../src/http/client.ts';
import type { MarathonSettings } from '../../../src/marathon/core/settings.ts';
import { processLogging } from '../../../src/runtime/log.ts';
import { type ServedMarathon, serveMarathon } from './served-marathon.ts';

let marathon: ServedMarathon;

const serve = async (config: Partial<MarathonSettings> = {}): Promise<void> => {
  await marathon.close();
  marathon = await serveMarathon({}, { config });
};

beforeEach(async () => {
  marathon = await serveMarathon();
});

afterEach(() => marathon.close());

const call: ServedMarathon['call'] = (...request) => marathon.call(...request);
const app = (id: string, more: object = {}) => ({ id, cmd: 'sleep 600', cpus: 0.1, mem: 16, ...more });

describe('every answer', () => {
  it('names the leader and forbids to keep it, also where there is nothing', async () => {
    const answers = await Promise.all([
      call('GET', '/ping'),
      call('GET', '/v2/unheard'),
      call('POST', '/ping'),
      call('GET', '/v2/apps/%E0%A4%A'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 405, 400]);
    for (const { headers } of answers) {
      expect(headers).toMatchObject({
        'x-marathon-leader': 'http://127.0.0.1:8080',
        'cache-control': 'no-cache, no-store, must-revalidate',
        pragma: 'no-cache',
        expires: '0',
        'x-frame-options': 'DENY',
        'x-xss-protection': '1; mode=block',
      });
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    }
  });

  it('lets pages of other origins read it where that is allowed', async () => {
    await serve({ allowedOrigins: ['http://one.example', 'http://two.example'] });
    const origin = { origin: 'http://two.example' };
    expect((await call('GET', '/v2/info', undefined, origin)).headers).toMatchObject({
      'access-control-allow-origin': 'http://two.example',
      'access-control-allow-methods': 'GET, HEAD, OPTIONS',
      'access-control-max-age': '86400',
    });
    const asked = { ...origin, 'access-control-request-headers': 'x-one, x-two' };
    const { status, headers } = await call('OPTIONS', '/v2/apps', undefined, asked);
    expect([status, headers['access-control-allow-headers']]).toEqual([200, 'x-one, x-two']);
    const { body } = await call('GET', '/v2/info');
    expect(body.marathon_config).toMatchObject({
      access_control_allow_origin: ['http://one.example', 'http://two.example'],
    });
  });
});

describe('a path', () => {
  it('tells by OPTIONS which methods it has', async () => {
    const { status, headers, body } = await call('OPTIONS', '/v2/apps');
    expect([status, body]).toEqual([200, '']);
    expect(String(headers.allow).split(', ').sort()).toEqual([
      'GET',
      'HEAD',
      'OPTIONS',
      'PATCH',
      'POST',
      'PUT',
    ]);
    expect((await call('OPTIONS', '/v2/unheard')).status).toBe(404);
  });

  it('is the same with doubled slashes and one at its end', async () => {
    await call('POST', '/v2/apps', app('/g/a'));
    for (const path of ['//v2//apps//g/a', '/v2/apps//g/a/', '/v2/apps/g%2Fa', '//v2/apps//g//a']) {
      expect((await call('GET', path)).body.app?.id, path).toBe('/g/a');
    }
    expect((await call('GET', '//v2/apps//g/*')).body['*']).toMatchObject([{ id: '/g/a' }]);
  });
});

describe('long lists', () => {
  it('are whole at every depth of groups, with tasks and pods', async () => {
    const apps = Array.from({ length: 12 }, (_, index) => app(`/g/h/a${index}`));
    const pod = {
      id: '/g/p',
      containers: [
        { name: 'c', resources: { cpus: 0.1, mem: 16 }, exec: { command: { shell: 'sleep 600' } } },
      ],
    };
    await call('POST', '/v2/groups', { id: '/g', groups: [{ id: 'h', apps }] });
    await call('POST', '/v2/pods', pod);
    await marathon.harness.deployed();
    const embeds = ['groups', 'apps', 'pods', 'apps.tasks', 'apps.counts'].map(
      (name) => `embed=group.${name}`,
    );
    const { body } = await call('GET', `/v2/groups?${embeds.join('&')}`);
    const [group] = body.groups ?? [];
    expect(group).toMatchObject({ id: '/g', pods: [{ id: '/g/p', status: 'STABLE', instances: [{}] }] });
    expect(group?.groups?.[0]?.apps).toHaveLength(12);
    for (const one of group?.groups?.[0]?.apps ?? []) {
      expect(one).toMatchObject({ tasksRunning: 1, tasks: [{ appId: one.id, state: 'TASK_RUNNING' }] });
    }
    expect((await call('GET', '/v2/groups/g/h/apps')).body).toHaveLength(12);
  });

  it('hold all tasks of an app that has hundreds', async () => {
    await call('POST', '/v2/apps', app('/many', { instances: 250, cpus: 0.01, mem: 1 }));
    await marathon.harness.deployed();
    expect((await call('GET', '/v2/apps/many')).body.app).toMatchObject({ tasksRunning: 250 });
    const [many] = (await call('GET', '/v2/apps?embed=apps.tasks')).body.apps ?? [];
    expect(many?.tasks).toHaveLength(250);
    const { body } = await call('GET', '/v2/tasks', undefined, { accept: 'text/plain' });
    const [id, servicePort, ...places] = String(body).trimEnd().split('\t');
    expect([id, servicePort]).toEqual(['many', '10000']);
    expect(new Set(places).size).toBe(250);
  });
});

describe('metrics', () => {
  it('count requests, answers and what goes over streams of events', async () => {
    await call('POST', '/v2/apps', app('/a'));
    await call('GET', '/v2/apps/none');
    const stream = await openStream({
      url: `${marathon.url}/v2/events`,
      headers: { Accept: 'text/event-stream' },
    });
    await stream.body[Symbol.asyncIterator]().next();
    const { gauges, meters, timers, ...more } = (await call('GET', '/metrics')).body;
    const counters = more.counters as Record<string, { count: number }>;
    expect(meters).toMatchObject({
      'marathon.http.responses.2xx.rate.meter': { count: 1, units: 'events/second' },
      'marathon.http.responses.4xx.rate.meter': { count: 1, m1_rate: expect.any(Number) },
      'marathon.http.responses.5xx.rate.meter': { count: 0, mean_rate: 0 },
    });
    expect(timers).toMatchObject({
      'marathon.http.requests.duration.timer.seconds': { count: 2, p99: expect.any(Number) },
    });
    // The stream, and the one that asks.
    expect(gauges).toMatchObject({ 'marathon.http.requests.active.gauge': { value: 2 } });
    const bytes = (of: string): number => counters[`marathon.http.${of}.counter.bytes`]?.count ?? 0;
    expect(bytes('requests.size')).toBe(JSON.stringify(app('/a')).length);
    expect(bytes('responses.size')).toBeGreaterThan(500);
    expect(bytes('event-streams.responses.size')).toBeGreaterThan(100);
  });

  it('are told to Prometheus where that is switched on', async () => {
    await serve({ hasPrometheus: true });
    await call('POST', '/v2/apps', app('/a'));
    const { headers, body } = await call('GET', '/metrics/prometheus');
    expect(headers['content-type']).toContain('text/plain; version=0.0.4');
    expect(String(body)).toContain('\nmarathon_apps_active_gauge 1\n');
    expect(String(body)).toContain('# TYPE marathon_tasks_launched_counter counter\n');
    expect(String(body)).toContain('\nmarathon_http_responses_2xx_rate_meter_total 1\n');
    expect(String(body)).toContain('# TYPE marathon_http_requests_duration_timer_seconds summary\n');
    expect(String(body)).toContain('\nmarathon_http_requests_duration_timer_seconds_count 1\n');
  });
});

describe('how much is logged', () => {
  afterEach(() => {
    processLogging.threshold = 'info';
  });

  it('is told and changed, for a time too', async () => {
    expect((await call('GET', '/logging')).body).toEqual({ ROOT: 'INFO' });
    const change = { logger: 'mesosphere.marathon', level: 'TRACE', durationSeconds: 60 };
    expect(await call('POST', '/logging', change)).toMatchObject({
      status: 200,
      body: { message: 'Set logger ROOT to level DEBUG for 60 seconds' },
    });
    expect((await call('GET', '/logging')).body).toEqual({ ROOT: 'DEBUG' });
    await marathon.harness.pass(61_000);
    expect((await call('GET', '/logging')).body).toEqual({ ROOT: 'INFO' });

    await call('POST', '/logging', change);
    await call('POST', '/logging', { logger: 'ROOT', level: 'off' });
    await marathon.harness.pass(61_000);
    expect((await call('GET', '/logging')).body).toEqual({ ROOT: 'OFF' });
  });

  it.each([
    [{ level: 'info' }, '/logger', 'error.path.missing'],
    [{ logger: '', level: 'info' }, '/logger', 'error.minLength'],
    [{ logger: 'ROOT' }, '/level', 'error.path.missing'],
    [{ logger: 'ROOT', level: 'loud' }, '/level', 'error.unknown.enum.literal'],
    [
      { logger: 'ROOT', level: 'info', durationSeconds: 'long' },
      '/durationSeconds',
      'error.expected.jsnumber',
    ],
    [{ logger: 'ROOT', level: 'info', durationSeconds: 0 }, '/durationSeconds', 'error.min'],
    [{ logger: 'ROOT', level: 'info', durationSeconds: 1e9 }, '/durationSeconds', 'error.max'],
  ])('is not changed by %j', async (change, path, error) => {
    expect(await call('POST', '/logging', change)).toMatchObject({
      status: 422,
      body: { message: 'Invalid JSON', details: [{ path, errors: [error] }] },
    });
    expect(processLogging.threshold).toBe('info');
  });
});
