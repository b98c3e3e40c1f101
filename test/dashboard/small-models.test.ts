import { describe, expect, it } from 'vitest';
import {
  type ContainerUsage,
  usageOf,
  usageSeries,
  withUsage,
} from '../../src/dashboard/model/container-usage.ts';
import { findDestinations } from '../../src/dashboard/model/destinations.ts';
import { eventOfMarathon, eventOfMaster, withEvents } from '../../src/dashboard/model/events.ts';
import { endedRuns, lastRun, nextRunAt } from '../../src/dashboard/model/jobs.ts';
import { linesWith, NO_LINES, withLines } from '../../src/dashboard/model/log-lines.ts';
import type { AppDetail } from '../../src/dashboard/model/marathon.ts';
import { reservationsOf } from '../../src/dashboard/model/reservations.ts';
import { hrefTo, readRoute } from '../../src/dashboard/model/route.ts';
import { readServerError } from '../../src/dashboard/model/server-error.ts';
import { phasesOf } from '../../src/dashboard/model/service-phases.ts';
import { containerOf } from '../../src/dashboard/model/task-container.ts';
import { ROW_HEIGHT_PX, visibleRows } from '../../src/dashboard/model/visible-rows.ts';

describe('a place', () => {
  it('is read from the address that leads to it', () => {
    const href = hrefTo(['services', 'app', '/shop/web & more'], { find: 'a b', tab: '' });
    expect(href).toBe('#/services/app/%2Fshop%2Fweb%20%26%20more?find=a+b');
    expect(readRoute(href)).toEqual({
      parts: ['services', 'app', '/shop/web & more'],
      query: { find: 'a b' },
    });
  });

  it.each([
    ['', []],
    ['#', []],
    ['#/', []],
    ['#/tasks/%E0%A4%A', ['tasks', '%E0%A4%A']],
  ])('%j is one, too', (hash, parts) => {
    expect(readRoute(hash)).toEqual({ parts, query: {} });
  });
});

describe('what a server says against something', () => {
  it.each([
    ['the master’s text', 'Not allowed\n', 'Not allowed', []],
    ['nothing at all', '', 'Forbidden', []],
    ['JSON that is no object', '[]', '[]', []],
    [
      'Marathon’s details by path',
      '{"message": "Object is not valid", "details": [{"path": "/cpus", "errors": ["too few", "odd"]}]}',
      'Object is not valid',
      [
        { path: '/cpus', message: 'too few' },
        { path: '/cpus', message: 'odd' },
      ],
    ],
    ['Marathon’s details as text', '{"message": "No", "details": "because"}', 'No: because', []],
    [
      'the deployments that hold an app',
      '{"message": "Locked", "deployments": [{"id": "d1"}]}',
      'Locked (d1)',
      [],
    ],
    [
      'the package service’s errors, without warnings, with what was meant',
      '{"message": "bad", "data": {"errors": [{"instance": {"pointer": "/a"}, "message": "odd", "nearest": "b"}, {"level": "warning", "message": "w"}]}}',
      'bad',
      [{ path: '/a', message: 'odd (did you mean b?)' }],
    ],
  ])('is kept: %s', (_name, body, message, details) => {
    const error = readServerError(403, 'Forbidden', body);
    expect({ message: error.message, details: error.details, status: error.status }).toEqual({
      message,
      details,
      status: 403,
    });
  });
});

describe('what is gone to', () => {
  const of = (kind: string, name: string) => ({ kind, name, to: [kind, name] });
  const all = [
    of('task', 'shop_web.instance-1'),
    of('app', '/web'),
    of('app', '/shop/web'),
    of('node', 'web-1 S0'),
  ];

  it('is found by all words of its kind and name, what begins so first', () => {
    expect(findDestinations(all, 'WEB').map(({ name }) => name)).toEqual([
      '/web',
      'web-1 S0',
      '/shop/web',
      'shop_web.instance-1',
    ]);
    expect(findDestinations(all, 'app shop').map(({ name }) => name)).toEqual(['/shop/web']);
    expect(
      findDestinations(
        Array.from({ length: 50 }, () => of('app', '/x')),
        'x',
      ),
    ).toHaveLength(12);
  });
});

describe('a long list', () => {
  it('is drawn where it is looked at, and keeps its height', () => {
    const middle = visibleRows(10_000, 5_000 * ROW_HEIGHT_PX, 600);
    expect(middle.from).toBeLessThan(5_000);
    expect(middle.to).toBeGreaterThan(5_000 + 600 / ROW_HEIGHT_PX);
    expect(middle.to - middle.from).toBeLessThan(100);
    const { from, to, abovePx, belowPx } = middle;
    expect(abovePx + (to - from) * ROW_HEIGHT_PX + belowPx).toBe(10_000 * ROW_HEIGHT_PX);
  });

  it('that has become shorter than where it was scrolled to shows its end', () => {
    const { from, to, belowPx } = visibleRows(200, 1_000_000, 600);
    expect({ to, belowPx }).toEqual({ to: 200, belowPx: 0 });
    expect(from).toBeLessThan(200);
  });

  it('that is short is drawn whole', () => {
    expect(visibleRows(150, 4_000, 100)).toEqual({ from: 0, to: 150, abovePx: 0, belowPx: 0 });
  });
});

describe('a log', () => {
  it('keeps its last lines, and says how many it has dropped', () => {
    const log = withLines(
      NO_LINES,
      Array.from({ length: 6_000 }, (_, index) => `Line ${index}`),
    );
    expect([log.lines.length, log.dropped, log.lines.at(-1)]).toEqual([5_000, 1_000, 'Line 5999']);
    expect(withLines(log, ['x']).dropped).toBe(1_001);
    expect(linesWith(log, ' LINE 5998 ')).toEqual(['Line 5998']);
    expect(linesWith(log, '')).toBe(log.lines);
  });
});

describe('events', () => {
  it('are told in a line, and bounded', () => {
    const update = {
      type: 'TASK_UPDATED' as const,
      task_updated: {
        framework_id: { value: 'f' },
        state: 'TASK_FAILED' as const,
        status: { task_id: { value: 't' }, state: 'TASK_FAILED' as const, message: 'no luck' },
      },
    };
    expect(eventOfMaster(update, 5)).toMatchObject({ subject: 't', text: 'failed: no luck', atSeconds: 5 });
    expect(eventOfMaster({ type: 'HEARTBEAT' }, 5)).toBeUndefined();
    const told = eventOfMarathon(
      '{"eventType": "deployment_failed", "timestamp": "1970-01-01T00:00:02Z", "id": "d", "reason": "no progress"}',
    );
    expect(told).toMatchObject({ atSeconds: 2, subject: 'd', text: 'no progress', source: 'marathon' });
    const one = { atSeconds: 1, source: 'master' as const, type: 'X', subject: '', text: '' };
    const events = withEvents(
      withEvents([], [one, one]),
      Array.from({ length: 1_500 }, () => one),
    );
    expect([events.length, events[0]?.number]).toEqual([1_000, 1_502]);
  });
});

describe('jobs', () => {
  const run = (id: string, finishedAt: string) => ({ id, createdAt: finishedAt, finishedAt });

  it('have a next and a last run, and a history in order', () => {
    const schedules = [
      { id: 'late', cron: '', nextRunAt: '2026-01-03T00:00:00.000+0000' },
      { id: 'off', cron: '', enabled: false, nextRunAt: '2026-01-01T00:00:00.000+0000' },
      { id: 'soon', cron: '', nextRunAt: '2026-01-02T00:00:00.000+0000' },
    ];
    expect(nextRunAt({ schedules })).toBe('2026-01-02T00:00:00.000+0000');
    expect(nextRunAt({})).toBeUndefined();
    const counts = { successCount: 1, failureCount: 1 };
    expect(
      lastRun({ ...counts, lastSuccessAt: '2026-01-01T00:00:00.000+0000', lastFailureAt: null }),
    ).toEqual({
      at: '2026-01-01T00:00:00.000Z',
      isSuccess: true,
    });
    expect(lastRun(undefined)).toBeUndefined();
    const history = {
      ...counts,
      successfulFinishedRuns: [run('a', '2026-01-01T00:00:00.000+0000')],
      failedFinishedRuns: [run('b', '2026-01-02T00:00:00.000+0000')],
    };
    expect(endedRuns(history).map(({ id, isSuccess }) => [id, isSuccess])).toEqual([
      ['b', false],
      ['a', true],
    ]);
  });
});

describe('reservations', () => {
  it('are summed by whose they are, volumes one by one, and those of nobody left out', () => {
    const scalar = (name: string, value: number, more: object = {}) =>
      ({ name, type: 'SCALAR', scalar: { value }, ...more }) as const;
    const of = (role: string, more: object = {}) => ({
      reservations: [{ type: 'DYNAMIC' as const, role }],
      ...more,
    });
    const disk = { persistence: { id: 'v' }, volume: { mode: 'RW' as const, container_path: 'data' } };
    const found = reservationsOf([
      {
        id: 'S0',
        hostname: 'h',
        resources: [
          scalar('cpus', 4),
          scalar('cpus', 1, of('kafka')),
          scalar('mem', 32, of('kafka')),
          scalar('disk', 64, of('kafka', { disk })),
          scalar('mem', 8, { role: 'old' }),
        ],
      },
    ]);
    expect(found).toMatchObject([
      { role: 'kafka', held: { cpus: 1, mem: 32, disk: 0 }, volumeId: '', isStatic: false },
      { role: 'kafka', held: { cpus: 0, mem: 0, disk: 64 }, volumeId: 'v', containerPath: 'data' },
      { role: 'old', held: { mem: 8 }, isStatic: true },
    ]);
  });
});

describe('the phases of a service', () => {
  const app = (more: object): AppDetail => ({
    id: '/db',
    version: 'new',
    instances: 1,
    cpus: 1,
    mem: 1,
    disk: 0,
    labels: { DCOS_PACKAGE_FRAMEWORK_NAME: 'db' },
    healthChecks: [{}],
    ...more,
  });
  const task = (version: string, alive?: boolean) => ({
    id: 't',
    state: 'TASK_RUNNING',
    version,
    ...(alive === undefined ? {} : { healthCheckResults: [{ alive }] }),
  });
  const reached = (given: AppDetail, isConnected = true): string[] =>
    phasesOf(given, () => isConnected)
      .filter(({ isReached }) => isReached)
      .map(({ name }) => name);

  it('count only tasks of the new version while it is deployed', () => {
    const deployments = [{ id: 'd' }];
    expect(reached(app({ deployments, tasks: [task('old', true)] }))).toEqual(['Deployed']);
    expect(reached(app({ deployments, tasks: [task('new', true)] }))).toEqual([
      'Deployed',
      'Tasks running',
      'Healthy',
    ]);
  });

  it('end with its framework', () => {
    const running = app({ tasks: [task('new', true)] });
    expect(reached(running, false)).not.toContain('Ready');
    expect(phasesOf(running, () => false).at(-1)?.text).toBe('its framework db has not registered');
    expect(reached(running)).toContain('Ready');
    expect(reached(app({ tasks: [task('new')] }))).toEqual(['Deployed', 'Tasks running']);
  });
});

describe('what a container uses', () => {
  it('is read of the metrics of its agent', () => {
    const point = (name: string, value: number) => ({ name, value, timestamp: '1970-01-01T00:00:10Z' });
    const later = usageOf({
      datapoints: [
        point('cpus.user_time_secs', 3),
        point('cpus.system_time_secs', 1),
        point('mem.rss_bytes', 7),
      ],
    });
    expect(later).toMatchObject({ atMs: 10_000, cpuSeconds: 4, memoryBytes: 7, memoryLimitBytes: 0 });
    expect(usageOf(undefined)).toBeUndefined();
  });

  const look = (atSeconds: number, cpuSeconds: number) => ({
    atMs: atSeconds * 1_000,
    cpuSeconds,
    memoryBytes: 7,
    memoryLimitBytes: 0,
    processes: 1,
  });

  it('is kept look by look, of the last five minutes only', () => {
    const many = Array.from({ length: 150 }, (_, index) => look(index, index / 2)).reduce(
      (seen: readonly ContainerUsage[], usage) => withUsage(seen, usage),
      [],
    );
    const { seconds, cpus, memoryBytes } = usageSeries(many);
    expect(seconds).toHaveLength(100);
    expect(seconds.at(-1)).toBe(149);
    expect(new Set(cpus)).toEqual(new Set([0.5]));
    expect(memoryBytes).toHaveLength(100);
  });

  it('is not told by one look, by the same one twice, or by those of another container', () => {
    expect(usageSeries([]).cpus).toEqual([]);
    expect(usageSeries([look(1, 1)]).cpus).toEqual([]);
    expect(withUsage([look(1, 1)], look(1, 1))).toEqual([look(1, 1)]);
    expect(withUsage([look(1, 1)], undefined)).toEqual([look(1, 1)]);
    expect(withUsage([look(1, 5)], look(2, 1))).toEqual([look(2, 1)]);
  });

  it('is that of the container which its latest status names', () => {
    const container = (value: string) => ({ container_status: { container_id: { value } } });
    const statuses = [
      { state: 'TASK_STARTING', timestamp: 1, ...container('old') },
      { state: 'TASK_RUNNING', timestamp: 2, ...container('new') },
      { state: 'TASK_FINISHED', timestamp: 3 },
    ];
    expect(containerOf({ statuses })?.value).toBe('new');
    expect(containerOf({ statuses: [] })).toBeUndefined();
  });
});
