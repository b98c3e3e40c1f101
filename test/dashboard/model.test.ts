import { describe, expect, it } from 'vitest';
import { RecordReader } from '../../src/dashboard/feeds/record-reader.ts';
import { ClusterState } from '../../src/dashboard/model/cluster-state.ts';
import { NO_HISTORY, percent, withSample } from '../../src/dashboard/model/history.ts';
import type { Pod } from '../../src/dashboard/model/pod-service.ts';
import {
  type App,
  EMPTY_MARATHON,
  type MarathonView,
  servicesOf,
  waitingSpecs,
} from '../../src/dashboard/model/services.ts';
import { formatAge, formatCpus, formatMebibytes, formatState } from '../../src/dashboard/view/format.ts';
import type { Resource, Task, TaskState } from '../../src/mesos/generated/mesos.ts';

const resources = (cpus: number, mem: number, disk: number): Resource[] => [
  { name: 'cpus', type: 'SCALAR', scalar: { value: cpus } },
  { name: 'mem', type: 'SCALAR', scalar: { value: mem } },
  { name: 'disk', type: 'SCALAR', scalar: { value: disk } },
  { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 1, end: 2 }] } },
];

const agent = (id: string, active = true) => ({
  agent_info: { id: { value: id }, hostname: `host-${id}`, resources: resources(4, 1000, 2000) },
  active,
  version: '1',
});

const task = (id: string, state: TaskState, agentId = 'S0'): Task => ({
  name: id,
  task_id: { value: id },
  framework_id: { value: 'F' },
  agent_id: { value: agentId },
  state,
  resources: resources(0.5, 100, 10),
});

const updated = (id: string, state: TaskState, healthy?: boolean) => ({
  type: 'TASK_UPDATED' as const,
  task_updated: {
    framework_id: { value: 'F' },
    state,
    status: { task_id: { value: id }, state, timestamp: 12, ...(healthy === undefined ? {} : { healthy }) },
  },
});

const subscribed = (): ClusterState => {
  const state = new ClusterState();
  state.apply({
    type: 'SUBSCRIBED',
    subscribed: {
      get_state: {
        get_agents: { agents: [agent('S0'), agent('S1', false)] },
        get_frameworks: {
          frameworks: [
            {
              framework_info: { id: { value: 'F' }, name: 'marathon', user: 'root' },
              active: true,
              connected: true,
              recovered: false,
            },
          ],
        },
        get_tasks: { tasks: [task('a', 'TASK_RUNNING')], completed_tasks: [task('old', 'TASK_FINISHED')] },
      },
    },
  });
  return state;
};

describe('the cluster as events tell it', () => {
  it('begins with the whole state', () => {
    const state = subscribed();
    expect([...state.nodes.keys()]).toEqual(['S0', 'S1']);
    expect(state.usedOn('S0')).toEqual({ cpus: 0.5, mem: 100, disk: 10 });
    expect(state.tasks.map(({ id }) => id)).toEqual(['old', 'a']);
  });

  it('counts only active nodes as the whole', () => {
    expect(subscribed().total).toEqual({ cpus: 4, mem: 1000, disk: 2000 });
  });

  it('adds what a task holds when it appears, once, and takes it off when it ends', () => {
    const state = subscribed();
    state.apply({ type: 'TASK_ADDED', task_added: { task: task('b', 'TASK_STAGING', 'S1') } });
    state.apply(updated('b', 'TASK_RUNNING', true));
    expect(state.usedOn('S1').cpus).toBe(0.5);
    expect(state.used.cpus).toBe(1);
    expect(state.tasks.at(-1)).toMatchObject({
      id: 'b',
      state: 'TASK_RUNNING',
      isHealthy: true,
      updatedAtSeconds: 12,
    });
    state.apply(updated('b', 'TASK_FAILED'));
    state.apply(updated('b', 'TASK_FAILED'));
    expect(state.usedOn('S1').cpus).toBe(0);
  });

  it('ignores an update of a task that it does not know', () => {
    const state = subscribed();
    state.apply(updated('ghost', 'TASK_RUNNING'));
    expect(state.tasks).toHaveLength(2);
  });

  it('follows agents and frameworks', () => {
    const state = subscribed();
    state.apply({ type: 'AGENT_ADDED', agent_added: { agent: agent('S2') } });
    state.apply({ type: 'AGENT_REMOVED', agent_removed: { agent_id: { value: 'S0' } } });
    expect([...state.nodes.keys()]).toEqual(['S1', 'S2']);
    state.apply({
      type: 'FRAMEWORK_REMOVED',
      framework_removed: { framework_info: { id: { value: 'F' }, name: 'marathon', user: 'root' } },
    });
    expect(state.frameworks.size).toBe(0);
  });

  it('forgets the oldest of many ended tasks and no live one', () => {
    const state = subscribed();
    for (let index = 0; index < 500; index++) {
      state.apply({ type: 'TASK_ADDED', task_added: { task: task(`t${index}`, 'TASK_FINISHED') } });
    }
    expect(state.tasks.filter(({ isEnded }) => isEnded)).toHaveLength(200);
    expect(state.tasks.map(({ id }) => id)).toContain('a');
    expect(state.tasks.at(-1)?.id).toBe('t499');
  });
});

describe('services', () => {
  const app = (id: string, overrides: Partial<App> = {}): App => ({
    id,
    instances: 2,
    cpus: 1,
    mem: 10,
    disk: 0,
    tasksRunning: 2,
    ...overrides,
  });
  const marathon = (apps: readonly App[], pods: readonly Pod[] = []): MarathonView => ({
    ...EMPTY_MARATHON,
    apps,
    pods,
  });

  it.each<[string, Partial<App>, string]>([
    ['all instances run', {}, 'Running'],
    ['some instances run', { tasksRunning: 1 }, 'Degraded'],
    ['one is unhealthy', { tasksUnhealthy: 1 }, 'Degraded'],
    ['none is healthy', { tasksUnhealthy: 2 }, 'Unavailable'],
    ['none runs', { tasksRunning: 0 }, 'Unavailable'],
    ['none is wanted', { instances: 0, tasksRunning: 0 }, 'Stopped'],
    ['a deployment is under way', { deployments: [{ id: 'd' }] }, 'Deploying'],
  ])('are, when %s', (_when, overrides, status) => {
    expect(servicesOf(new ClusterState(), marathon([app('/x', overrides)]))).toMatchObject([{ status }]);
  });

  const instance = (status: string, message?: string) => ({
    status,
    ...(message !== undefined && { message }),
    resources: { cpus: 1, mem: 10, disk: 0 },
  });
  const pod = (status: string, instances: Pod['instances'] = [], wanted = 2): Pod => ({
    id: '/pod',
    status,
    spec: { version: '2026-01-01T00:00:00.000Z', scaling: { instances: wanted } },
    instances,
  });

  it.each<[string, Pod, object]>([
    [
      'all instances are stable',
      pod('STABLE', [instance('STABLE'), instance('STABLE')]),
      { status: 'Running', running: 2, wanted: 2, held: { cpus: 2, mem: 20, disk: 0 } },
    ],
    [
      'one is ill',
      pod('DEGRADED', [instance('STABLE'), instance('DEGRADED', 'at least one container is not healthy')]),
      { status: 'Degraded', running: 2, reason: 'at least one container is not healthy' },
    ],
    ['one is missing', pod('DEGRADED', [instance('STABLE')]), { status: 'Degraded', running: 1 }],
    ['one comes up', pod('DEGRADED', [instance('STAGING')]), { status: 'Deploying', running: 0 }],
    [
      'one goes',
      pod('DEGRADED', [instance('TERMINAL')]),
      { status: 'Unavailable', running: 0, held: { cpus: 0 } },
    ],
    ['none runs', pod('DEGRADED'), { status: 'Unavailable' }],
    ['none is wanted', pod('STABLE', [], 0), { status: 'Stopped' }],
  ])('are pods too, and when %s they say so', (_when, shown, service) => {
    expect(servicesOf(new ClusterState(), marathon([], [shown]))).toMatchObject([
      { name: '/pod', kind: 'pod', ...service },
    ]);
  });

  it('say why they wait', () => {
    const waiting = waitingSpecs({
      queue: [
        { app: { id: '/x' }, delay: { timeLeftSeconds: 0, overdue: true } },
        { app: { id: '/y' }, delay: { timeLeftSeconds: 7, overdue: false } },
        { pod: { id: '/pod' }, delay: { timeLeftSeconds: 0, overdue: true } },
      ],
    });
    const apps = [app('/x', { tasksRunning: 0 }), app('/y', { tasksRunning: 0 })];
    const view = { ...marathon(apps, [pod('DEGRADED')]), waiting };
    expect(servicesOf(new ClusterState(), view)).toMatchObject([
      { status: 'Waiting', name: '/pod', reason: 'no offer fits yet' },
      { status: 'Waiting', reason: 'no offer fits yet' },
      { status: 'Waiting', reason: 'starts again in 7 s' },
    ]);
  });

  it('are frameworks too, and those that need a look come first', () => {
    const services = servicesOf(subscribed(), marathon([app('/ok'), app('/ill', { tasksRunning: 0 })]));
    expect(services.map(({ name }) => name)).toEqual(['/ill', '/ok', 'marathon']);
    expect(services[2]).toMatchObject({ kind: 'framework', running: 1, held: { cpus: 0.5 } });
  });

  it('link to their pages through the gateway while they run', () => {
    const labels = { DCOS_SERVICE_NAME: '/group/hdfs' };
    const [running, stopped] = servicesOf(
      new ClusterState(),
      marathon([app('/a', { labels, instances: 0, tasksRunning: 0 }), app('/b', { labels })]),
    ).toReversed();
    expect(running?.link).toBe('/service/group/hdfs/');
    expect(stopped?.link).toBeUndefined();
  });
});

describe('history', () => {
  it('keeps a bounded number of samples', () => {
    let history = NO_HISTORY;
    for (let second = 0; second < 1_000; second++) {
      history = withSample(history, second, { cpus: 1, mem: 0, disk: 0 }, { cpus: 4, mem: 1, disk: 0 });
    }
    expect(history.seconds).toHaveLength(300);
    expect(history.seconds.at(-1)).toBe(999);
    expect(history.cpus.at(-1)).toBe(25);
    expect(history.disk.at(-1)).toBe(0);
  });

  it('never leaves 0 to 100', () => {
    expect(percent(5, 4)).toBe(100);
    expect(percent(-1, 4)).toBe(0);
  });
});

describe('reading records', () => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

  it('does not care where the pieces are cut, not even inside a character', () => {
    const whole = bytes('8\n{"ü":1}2\n{}');
    const reader = new RecordReader();
    expect([...whole].flatMap((byte) => reader.push(new Uint8Array([byte])))).toEqual(['{"ü":1}', '{}']);
    expect(new RecordReader().push(whole)).toEqual(['{"ü":1}', '{}']);
  });

  it.each(['x\n', '-1\n', '999999999999\n'])('refuses %j', (text) => {
    expect(() => new RecordReader().push(bytes(text))).toThrow('Not a record length');
  });
});

describe('figures', () => {
  it('have no more digits than they need and the unit that reads best', () => {
    expect([0.1, 1.255, 12.34].map(formatCpus)).toEqual(['0.1', '1.26', '12.3']);
    expect([32, 1536, 2 * 1024 * 1024].map(formatMebibytes)).toEqual(['32 MiB', '1.5 GiB', '2 TiB']);
    expect([-1, 59, 61, 7_200, 200_000].map(formatAge)).toEqual(['0 s', '59 s', '1 min', '2 h', '2 d']);
    expect(formatState('TASK_GONE_BY_OPERATOR')).toBe('gone by operator');
  });
});
