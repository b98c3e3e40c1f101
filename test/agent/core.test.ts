import { describe, expect, it } from 'vitest';
import { AgentCore, type AgentInput } from '../../src/agent/core/agent-core.ts';
import type { Effect } from '../../src/agent/core/effect.ts';
import { loadState } from '../../src/agent/core/load.ts';
import type { AgentSettings } from '../../src/agent/core/settings.ts';
import { emptyState } from '../../src/agent/core/state.ts';
import type { TaskStatus } from '../../src/mesos/generated/mesos.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { VirtualClock } from '../../src/runtime/virtual-clock.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import { TurnRunner } from '../../src/store/turn-runner.ts';
import { FRAMEWORK, shellTask } from './fake-master.ts';

const SETTINGS: AgentSettings = {
  version: '1.11.0',
  hostname: 'host',
  ip: '127.0.0.1',
  port: 5051,
  workDir: '/work',
  attributes: [],
  executorEnvironment: {},
  executable: undefined,
  containerizers: ['mesos'],
  canSwitchUser: false,
  isolation: ['posix/cpu', 'posix/mem', 'filesystem/posix'],
  executorRegistrationTimeoutMs: 60_000,
  executorReregistrationTimeoutMs: 2_000,
  executorShutdownGraceMs: 5_000,
};

/** The core on virtual time over a memory store, with everything recorded that it wants done. */
const simulate = () => {
  const clock = new VirtualClock();
  const store = memoryStore();
  const random = seededRandom(1);
  const performed: Effect[] = [];
  const core = new AgentCore({
    state: emptyState([]),
    settings: SETTINGS,
    initialResources: [],
    uuid: () => random.uuid(),
  });
  const runner = new TurnRunner({
    core,
    store,
    clock,
    onTimer: (timer): AgentInput => ({ type: 'timer', timer }),
    perform: (effect) => performed.push(effect),
    onFault: (_effect, error) => {
      throw error;
    },
    onBroken: (error) => {
      throw error;
    },
  });
  const feed = async (input: AgentInput): Promise<void> => {
    runner.handle(input);
    await runner.settled();
  };
  const statuses = (): TaskStatus[] =>
    performed.flatMap((effect) =>
      effect.type === 'send-master' && effect.call.type === 'STATUS_UPDATE'
        ? [effect.call.status_update.status]
        : [],
    );
  return {
    clock,
    store,
    core,
    performed,
    feed,
    statuses,
    advance: async (byMs: number) => {
      clock.advance(byMs);
      await runner.settled();
    },
    subscribe: () =>
      feed({
        type: 'master-event',
        event: {
          type: 'SUBSCRIBED',
          subscribed: {
            agent_id: { value: 'agent-0' },
            master_info: { id: 'm', ip: 0, port: 0 },
            ping_timeout_seconds: 75,
            unknown_tasks: [],
          },
        },
      }),
    launch: (id: string) =>
      feed({
        type: 'master-event',
        event: {
          type: 'LAUNCH',
          launch: { framework_info: FRAMEWORK, tasks: [shellTask(id, 'true')], is_group: false },
        },
      }),
    started: () => performed.flatMap((effect) => (effect.type === 'start-container' ? [effect.plan.id] : [])),
  };
};

describe('the core', () => {
  it('tells an unacknowledged update again after 10 s, doubling up to 10 minutes', async () => {
    const { subscribe, launch, started, feed, statuses, advance } = simulate();
    await subscribe();
    await launch('task');
    await feed({
      type: 'container-forked',
      containerId: started()[0] ?? '',
      process: { pid: 1, began: 'now' },
    });
    expect(statuses()).toHaveLength(1);
    const gaps: number[] = [];
    for (let seconds = 0, last = 0; gaps.length < 9; seconds += 10) {
      const before = statuses().length;
      await advance(10_000);
      if (statuses().length === before) continue;
      gaps.push(seconds + 10 - last);
      last = seconds + 10;
    }
    expect(gaps).toEqual([10, 20, 40, 80, 160, 320, 600, 600, 600]);
    expect(new Set(statuses().map(({ uuid }) => uuid)).size).toBe(1);
  });

  it('gives a command leave to run only after its process is part of the checkpoint', async () => {
    const { subscribe, launch, started, core, store, performed } = simulate();
    await subscribe();
    await launch('task');
    const id = started()[0] ?? '';
    const outcome = core.handle(
      { type: 'container-forked', containerId: id, process: { pid: 7, began: 'now' } },
      0,
    );
    expect(outcome.effects[0]).toEqual({ type: 'release-container', containerId: id });
    expect(outcome.changes).toContainEqual({
      key: `containers/${id}`,
      value: expect.objectContaining({ phase: 'running', process: { pid: 7, began: 'now' } }),
    });
    expect(performed).not.toContainEqual(expect.objectContaining({ type: 'release-container' }));
    expect(store.get(`containers/${id}`)).toMatchObject({ phase: 'starting' });
  });

  it('comes back from its checkpoint as it was', async () => {
    const { subscribe, launch, started, feed, core, store } = simulate();
    await subscribe();
    for (const id of ['one', 'two', 'three']) await launch(id);
    const [one = '', two = ''] = started();
    await feed({ type: 'container-forked', containerId: one, process: { pid: 1, began: 'now' } });
    await feed({ type: 'container-forked', containerId: two, process: { pid: 2, began: 'now' } });
    await feed({ type: 'container-exited', containerId: two, exit: { type: 'exited', code: 0 } });
    const loaded = loadState(store, []);
    const { master: _master, counters: _counters, ...state } = core.state;
    const { master: _none, counters: _zero, ...reloaded } = loaded;
    const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value, withoutMaps));
    const streams = [...state.streams.values()].map((stream) => ({ ...stream, attempts: 0 }));
    expect(plain({ ...reloaded, streams: [] })).toEqual(plain({ ...state, streams: [] }));
    expect([...reloaded.streams.values()]).toEqual(expect.arrayContaining(streams));
  });

  it.each([
    ['far too long', 'x'.repeat(100_000)],
    ['of as many bytes as a name may have, each of which becomes three', 'é'.repeat(127)],
  ])('keeps a task whose id is %s, and what it says of it, and goes on', async (_how, id) => {
    const { subscribe, launch, started, statuses, store } = simulate();
    await subscribe();
    await launch(id);
    await launch('next');
    const refused = statuses().filter(({ state }) => state === 'TASK_ERROR');
    expect(refused.map(({ task_id }) => task_id.value)).toEqual(id.length > 255 ? [id] : []);
    expect(started()).toHaveLength(id.length > 255 ? 1 : 2);
    const reloaded = loadState(store, []);
    expect([...reloaded.streams.values()].flatMap(({ taskId }) => taskId)).toEqual(
      refused.length > 0 ? [id] : [],
    );
    expect([...reloaded.tasks.values()].map(({ info }) => info.task_id.value)).toContain('next');
  });

  it('kills a container that was forked although its task had been killed', async () => {
    const { subscribe, launch, started, feed, performed } = simulate();
    await subscribe();
    await launch('task');
    const kill = { framework_id: { value: 'fw' }, task_id: { value: 'task' } };
    await feed({ type: 'master-event', event: { type: 'KILL', kill } });
    performed.length = 0;
    await feed({
      type: 'container-forked',
      containerId: started()[0] ?? '',
      process: { pid: 1, began: 'now' },
    });
    expect(performed).toMatchObject([{ type: 'signal-container', signal: 'SIGKILL' }]);
  });

  it('passes a kill on to an executor that was away', async () => {
    const { subscribe, started, feed, performed } = simulate();
    await subscribe();
    const executor_info = { type: 'CUSTOM' as const, executor_id: { value: 'ex' }, command: { value: 'ex' } };
    const launch = {
      framework_info: FRAMEWORK,
      executor_info,
      tasks: [shellTask('task', '')],
      is_group: false,
    };
    await feed({ type: 'master-event', event: { type: 'LAUNCH', launch } });
    const runId = started()[0] ?? '';
    const back = {
      type: 'executor-subscribed',
      runId,
      unacknowledgedTasks: [],
      unacknowledgedUpdates: [],
    } as const;
    await feed({ type: 'container-forked', containerId: runId, process: { pid: 1, began: 'now' } });
    await feed(back);
    await feed({ type: 'executor-disconnected', runId });
    const kill = { framework_id: { value: 'fw' }, task_id: { value: 'task' } };
    await feed({ type: 'master-event', event: { type: 'KILL', kill } });
    const heard = () =>
      performed.flatMap((effect) => (effect.type === 'send-executor' ? [effect.event.type] : []));
    expect(heard()).toEqual(['SUBSCRIBED', 'LAUNCH']);
    await feed({ ...back, unacknowledgedTasks: [shellTask('task', '')] });
    expect(heard()).toEqual(['SUBSCRIBED', 'LAUNCH', 'SUBSCRIBED', 'KILL']);
  });

  it('shortens the grace of a kill, but never makes it longer', async () => {
    const { subscribe, launch, started, feed, performed, advance } = simulate();
    await subscribe();
    await launch('task');
    const containerId = started()[0] ?? '';
    await feed({ type: 'container-forked', containerId, process: { pid: 1, began: 'now' } });
    const kill = (seconds: number) =>
      feed({
        type: 'master-event',
        event: {
          type: 'KILL',
          kill: {
            framework_id: { value: 'fw' },
            task_id: { value: 'task' },
            kill_policy: { grace_period: { nanoseconds: seconds * 1e9 } },
          },
        },
      });
    const signals = () =>
      performed.flatMap((effect) => (effect.type === 'signal-container' ? [effect.signal] : []));
    await kill(100);
    await kill(5);
    await kill(50);
    await advance(4_900);
    expect(signals()).toEqual(['SIGTERM']);
    await advance(200);
    expect(signals()).toEqual(['SIGTERM', 'SIGKILL']);
  });

  it('keeps no more history than it says', async () => {
    const { subscribe, launch, started, feed, core, store, statuses } = simulate();
    await subscribe();
    for (let index = 0; index < 160; index++) {
      await launch(`task-${index}`);
      await feed({ type: 'container-failed', containerId: started().at(-1) ?? '', message: 'no' });
      const { task_id, uuid = '' } = statuses().at(-1) ?? { task_id: { value: '' } };
      const acknowledge = { framework_id: { value: 'fw' }, task_id, uuid };
      await feed({ type: 'master-event', event: { type: 'ACKNOWLEDGE', acknowledge } });
    }
    expect(core.state.frameworks.get('fw')?.completedRuns).toHaveLength(150);
    expect([...store.range('runs/')]).toHaveLength(150);
    expect([...store.range('tasks/')]).toHaveLength(150);
    expect([...store.range('containers/')]).toEqual([]);
    expect([...store.range('updates/')]).toEqual([]);
    expect([core.state.runs.size, core.state.tasks.size, core.state.streams.size]).toEqual([0, 0, 0]);
  });
});

const withoutMaps = (_key: string, value: unknown): unknown => {
  if (value instanceof Map) return Object.fromEntries([...value].sort());
  return value instanceof Set ? [...value].sort() : value;
};

describe('the turn runner', () => {
  it('goes on after an effect that throws', async () => {
    const clock = new VirtualClock();
    const random = seededRandom(3);
    const core = new AgentCore({
      state: emptyState([]),
      settings: SETTINGS,
      initialResources: [],
      uuid: () => random.uuid(),
    });
    const faults: unknown[] = [];
    const runner = new TurnRunner({
      core,
      store: memoryStore(),
      clock,
      onTimer: (timer): AgentInput => ({ type: 'timer', timer }),
      perform: () => {
        throw new Error('cannot');
      },
      onFault: (_effect, error) => faults.push(error),
      onBroken: () => undefined,
    });
    for (const id of ['one', 'two']) {
      const launch = { framework_info: FRAMEWORK, tasks: [shellTask(id, 'true')], is_group: false };
      runner.handle({ type: 'master-event', event: { type: 'LAUNCH', launch } });
    }
    await runner.settled();
    expect(faults).toHaveLength(2);
  });

  it('does nothing any more once the checkpoint cannot be written', async () => {
    const clock = new VirtualClock();
    const performed: Effect[] = [];
    const broken: unknown[] = [];
    const random = seededRandom(2);
    const core = new AgentCore({
      state: emptyState([]),
      settings: SETTINGS,
      initialResources: [],
      uuid: () => random.uuid(),
    });
    const store = { ...memoryStore(), write: () => Promise.reject(new Error('no space left')) };
    const runner = new TurnRunner({
      core,
      store,
      clock,
      onTimer: (timer): AgentInput => ({ type: 'timer', timer }),
      perform: (effect) => performed.push(effect),
      onFault: () => undefined,
      onBroken: (error) => broken.push(error),
    });
    const launch = { framework_info: FRAMEWORK, tasks: [shellTask('task', 'true')], is_group: false };
    runner.handle({ type: 'master-event', event: { type: 'LAUNCH', launch } });
    runner.handle({ type: 'master-event', event: { type: 'LAUNCH', launch } });
    await runner.settled();
    expect(performed).toEqual([]);
    expect(broken).toHaveLength(1);
  });
});
