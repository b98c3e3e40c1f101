import { describe, expect, it } from 'vitest';
import { instanceIdOf } from '../../../src/marathon/core/ids.ts';
import type { PodDefinition } from '../../../src/marathon/definitions/pods/pod.ts';
import { removeRunSpecs } from '../../../src/marathon/groups/root-group.ts';
import { EngineHarness, type HarnessOptions } from './engine-harness.ts';
import { containerOf, podOf } from './pod-of.ts';
import type { SimulatedAgent, SimulatedTask } from './simulated-master.ts';

const HEALTH_CHECK = {
  exec: { command: { shell: 'true' } },
  gracePeriodSeconds: 300,
  intervalSeconds: 60,
  maxConsecutiveFailures: 3,
  timeoutSeconds: 20,
  delaySeconds: 15,
};

const pair = (given: Partial<PodDefinition> = {}): PodDefinition =>
  podOf({
    id: '/g/pair',
    containers: [
      containerOf({
        name: 'web',
        endpoints: [{ name: 'http', hostPort: 0, protocol: ['tcp'], labels: {}, networkNames: [] }],
      }),
      containerOf({ name: 'log' }),
    ],
    ...given,
  });

const started = async (options: HarnessOptions = {}, agents: Partial<SimulatedAgent>[] = [{}]) => {
  const harness = new EngineHarness(options);
  for (const [index, agent] of agents.entries()) harness.master.addAgent({ id: `a${index}`, ...agent });
  await harness.start();
  return harness;
};

const containersOf = (tasks: readonly SimulatedTask[]): string[] =>
  tasks.map(({ info }) => info.name ?? '').sort();

const taskIdOf = (harness: EngineHarness, container: string): string => {
  const task = harness.master.runningTasks().find(({ info }) => info.name === container);
  if (task === undefined) throw new Error(`${container} does not run`);
  return task.info.task_id.value;
};

const only = (harness: EngineHarness) => {
  const instances = harness.engine.instances('/g/pair');
  const [instance] = instances;
  if (instance === undefined || instances.length > 1) throw new Error(`${instances.length} instances`);
  return instance;
};

const view = (harness: EngineHarness) => {
  const found = harness.engine.podView('/g/pair');
  if (found === undefined) throw new Error('The pod is not known');
  return found;
};

const killsIn = (harness: EngineHarness): string[] =>
  harness.master.calls.flatMap((call) => (call.type === 'KILL' ? call.kill.task_id.value : []));

const remove = async (harness: EngineHarness): Promise<void> => {
  await harness.answer(
    harness.engine.updateRoot({
      force: false,
      change: (root) => removeRunSpecs(root, new Set(['/g/pair'])),
    }),
  );
};

describe('an instance of a pod', () => {
  it('is launched as a group, runs once all of its containers do, and is shown with them', async () => {
    const harness = await started();
    await harness.deploy(pair());
    await harness.deployed();
    expect(containersOf(harness.master.runningTasks())).toEqual(['log', 'web']);
    const instance = only(harness);
    expect(instance).toMatchObject({ condition: 'Running', incarnation: 1, goal: 'Running' });
    expect(taskIdOf(harness, 'web')).toBe(`${instance.id}.web.1`);
    const { status, instances, endings } = view(harness);
    expect({ status, endings }).toEqual({ status: 'STABLE', endings: [] });
    const [shown] = instances;
    expect(shown).toMatchObject({
      id: instance.id,
      status: 'STABLE',
      agent: { id: 'a0', hostname: 'a0.example' },
      resources: { cpus: 0.3, mem: 96, disk: 10, gpus: 0 },
      activeSinceMs: expect.any(Number),
    });
    expect(shown?.containers).toMatchObject([
      {
        name: 'web',
        taskId: `${instance.id}.web.1`,
        state: 'TASK_RUNNING',
        endpoints: [{ name: 'http', hostPort: instance.task?.hostPorts[0] }],
      },
      { name: 'log', state: 'TASK_RUNNING', endpoints: [] },
    ]);
    const states = harness.events.flatMap((event) =>
      event.eventType === 'instance_changed_event' ? event.condition : [],
    );
    expect(states).toEqual(['Scheduled', 'Provisioned', 'Starting', 'Running']);
  });

  it('goes as a whole, and comes again under its id, when one of its containers fails', async () => {
    const harness = await started();
    await harness.deploy(pair());
    await harness.deployed();
    const { id } = only(harness);
    harness.master.change(taskIdOf(harness, 'web'), 'TASK_FAILED');
    await harness.until('another incarnation runs', () => only(harness).incarnation === 2);
    await harness.until('it is stable', () => view(harness).status === 'STABLE');
    expect(only(harness).id).toBe(id);
    expect(
      harness.master
        .runningTasks()
        .map(({ info }) => info.task_id.value)
        .sort(),
    ).toEqual([`${id}.log.2`, `${id}.web.2`]);
    expect(view(harness).endings).toMatchObject([
      {
        instanceId: id,
        containers: [
          { taskId: `${id}.web.1`, state: 'TASK_FAILED' },
          { taskId: `${id}.log.1`, state: 'TASK_KILLED' },
        ],
      },
    ]);
    expect(harness.engine.lastTaskFailure('/g/pair')).toMatchObject({
      taskId: `${id}.web.1`,
      state: 'TASK_FAILED',
    });
    const executors = harness.master.calls.flatMap((call) =>
      call.type === 'ACCEPT'
        ? (call.accept.operations ?? []).flatMap((operation) =>
            operation.type === 'LAUNCH_GROUP' ? operation.launch_group.executor.executor_id.value : [],
          )
        : [],
    );
    expect(executors).toEqual([
      id.replace(/(.*)\.instance-(.*)/, 'instance-$1.$2'),
      `${id.replace(/(.*)\.instance-(.*)/, 'instance-$1.$2')}.2`,
    ]);
  });

  it('goes on when a container has done its work, and ends when all have', async () => {
    const harness = await started();
    await harness.deploy(pair({ backoffSeconds: 60, maxLaunchDelaySeconds: 60 }));
    await harness.deployed();
    const log = taskIdOf(harness, 'log');
    harness.master.change(log, 'TASK_FINISHED');
    await harness.pass(5000);
    expect(only(harness)).toMatchObject({ condition: 'Running', incarnation: 1 });
    expect(containersOf(harness.master.runningTasks())).toEqual(['web']);
    expect(view(harness).instances[0]?.containers[1]).toMatchObject({
      state: 'TASK_FINISHED',
      termination: { exitCode: 0 },
    });
    expect(killsIn(harness)).toEqual([]);
    harness.master.change(taskIdOf(harness, 'web'), 'TASK_FINISHED');
    await harness.until('it waits to be launched anew', () => only(harness).condition === 'Scheduled');
    // A pod that is over is not launched faster than its back-off allows.
    expect(harness.engine.queue()[0]?.delayLeftMs).toBeGreaterThan(50_000);
    await harness.until('it runs again', () => only(harness).condition === 'Running');
  });

  it('is ended by killing every container, and launched again if it is still wanted', async () => {
    const harness = await started();
    await harness.deploy(pair());
    await harness.deployed();
    const { id } = only(harness);
    await harness.answer(harness.engine.killInstances({ instanceIds: [id], wipe: false }));
    await harness.until(
      'it runs again',
      () => only(harness).incarnation === 2 && only(harness).condition === 'Running',
    );
    expect(killsIn(harness).sort()).toEqual([`${id}.log.1`, `${id}.web.1`]);
    await harness.answer(harness.engine.killInstances({ instanceIds: [id], wipe: true }));
    await harness.until('another one runs, and the first is gone', () =>
      harness.engine
        .instances('/g/pair')
        .every((instance) => instance.id !== id && instance.condition === 'Running'),
    );
    expect(only(harness)).toMatchObject({ incarnation: 1 });
  });

  it('is replaced when the group is refused', async () => {
    const harness = await started();
    let refusals = 2;
    harness.master.behaviour = () => (refusals-- > 0 ? 'error' : 'run');
    await harness.deploy(pair());
    await harness.deployed();
    expect(only(harness).incarnation).toBe(2);
    expect(containersOf(harness.master.runningTasks())).toEqual(['log', 'web']);
  });

  it('counts as ready once the checks of all its containers have passed', async () => {
    const harness = await started();
    const pod = pair();
    await harness.deploy({
      ...pod,
      containers: pod.containers.map((container) => ({ ...container, healthCheck: HEALTH_CHECK })),
    });
    await harness.until('it runs', () => only(harness).condition === 'Running');
    await harness.pass(20_000);
    const [waiting] = view(harness).instances;
    expect(waiting).toMatchObject({ status: 'DEGRADED', message: 'at least one container is not healthy' });
    expect(harness.engine.deployments()).toHaveLength(1);
    harness.master.setHealth(taskIdOf(harness, 'web'), true);
    await harness.pass(1000);
    expect(harness.engine.deployments()).toHaveLength(1);
    expect(view(harness).instances[0]?.containers).toMatchObject([
      { health: { isHealthy: true } },
      { health: { isHealthy: undefined } },
    ]);
    harness.master.setHealth(taskIdOf(harness, 'log'), true);
    await harness.deployed();
    expect(harness.engine.counts('/g/pair')).toMatchObject({ tasksRunning: 1, tasksHealthy: 1 });
    harness.master.setHealth(taskIdOf(harness, 'log'), false);
    await harness.pass(1000);
    expect(view(harness).status).toBe('DEGRADED');
    expect(harness.engine.counts('/g/pair')).toMatchObject({ tasksHealthy: 0, tasksUnhealthy: 1 });
    const told = harness.events.flatMap((event) =>
      event.eventType === 'instance_health_changed_event' ? event.healthy : [],
    );
    expect(told).toEqual([true, false]);
  });

  it('is given up when its agent cannot be reached for too long, and ended should it come back', async () => {
    const harness = await started({}, [{}, {}]);
    await harness.deploy(
      pair({ unreachableStrategy: { inactiveAfterSeconds: 10, expungeAfterSeconds: 60 } }),
    );
    await harness.deployed();
    const { id, agent } = only(harness);
    harness.master.loseAgent(agent?.id ?? '');
    await harness.pass(1000);
    expect(view(harness).instances[0]).toMatchObject({
      status: 'DEGRADED',
      message: 'pod instance has become unreachable',
    });
    await harness.pass(30_000);
    const conditions = harness.engine.instances('/g/pair').map(({ condition }) => condition);
    expect(conditions.sort()).toEqual(['Running', 'UnreachableInactive']);
    await harness.pass(60_000);
    expect(only(harness)).toMatchObject({ condition: 'Running' });
    expect(only(harness).id).not.toBe(id);
    harness.master.returnAgent(agent?.id ?? '');
    await harness.until('nothing of it is left', () => harness.master.runningTasks().length === 2);
    expect(harness.master.runningTasks().every(({ info }) => instanceIdOf(info.task_id.value) !== id)).toBe(
      true,
    );
  });

  it('goes on as it was when its agent comes back in time', async () => {
    const harness = await started();
    await harness.deploy(pair({ unreachableStrategy: 'disabled' }));
    await harness.deployed();
    const { task } = only(harness);
    harness.master.loseAgent('a0');
    await harness.pass(5000);
    expect(only(harness).condition).toBe('Unreachable');
    harness.master.returnAgent('a0');
    await harness.until('it runs', () => only(harness).condition === 'Running');
    expect(only(harness).task?.id).toBe(task?.id);
    expect(only(harness).task?.unreachableAtMs).toBeUndefined();
    expect(killsIn(harness)).toEqual([]);
  });
});

describe('pods', () => {
  it('are scaled, upgraded and removed without leaving anything', async () => {
    const harness = await started({}, [{}, {}]);
    await harness.deploy(pair());
    await harness.deployed();
    await harness.deploy(pair({ instances: 3 }));
    await harness.deployed();
    expect(containersOf(harness.master.runningTasks())).toEqual(['log', 'log', 'log', 'web', 'web', 'web']);
    const before = harness.engine.instances('/g/pair').map(({ id }) => id);
    await harness.deploy(pair({ instances: 3, environment: { LEVEL: 'debug' } }));
    await harness.deployed();
    const after = harness.engine.instances('/g/pair').map(({ id }) => id);
    expect(after).toHaveLength(3);
    expect(after.filter((id) => before.includes(id))).toEqual([]);
    await harness.deploy(pair({ environment: { LEVEL: 'debug' } }));
    await harness.deployed();
    expect(containersOf(harness.master.runningTasks())).toEqual(['log', 'web']);
    await remove(harness);
    expect(view(harness).status).toBe('TERMINAL');
    await harness.deployed();
    expect(harness.master.runningTasks()).toEqual([]);
    expect(harness.engine.podView('/g/pair')).toBeUndefined();
  });

  it('outlive Marathon, with what was known of them', async () => {
    const harness = await started();
    const pod = pair();
    await harness.deploy({
      ...pod,
      containers: pod.containers.map((container) => ({ ...container, healthCheck: HEALTH_CHECK })),
    });
    for (const container of ['web', 'log']) {
      await harness.until(`${container} runs`, () =>
        harness.master
          .runningTasks()
          .some(({ info, state }) => info.name === container && state === 'TASK_RUNNING'),
      );
      harness.master.setHealth(taskIdOf(harness, container), true);
    }
    await harness.deployed();
    harness.master.change(taskIdOf(harness, 'log'), 'TASK_FAILED');
    await harness.until(
      'it runs again',
      () => only(harness).incarnation === 2 && only(harness).condition === 'Running',
    );
    const before = view(harness);
    harness.crash();
    await harness.start();
    expect(view(harness)).toEqual(before);
    await harness.pass(60_000);
    expect(
      view(harness).instances.map(({ id, containers }) => ({
        id,
        tasks: containers.map(({ taskId }) => taskId),
      })),
    ).toEqual(
      before.instances.map(({ id, containers }) => ({ id, tasks: containers.map(({ taskId }) => taskId) })),
    );
    expect(view(harness).endings).toEqual(before.endings);
  });

  it('are asked about when their launch may have got lost, and launched again', async () => {
    let lost = 1;
    const harness = await started({
      fate: ({ type }) => (type === 'ACCEPT' && lost-- > 0 ? 'lost' : 'taken'),
    });
    await harness.deploy(pair());
    await harness.deployed();
    expect(only(harness).incarnation).toBe(2);
    const asked = harness.master.calls.flatMap((call) =>
      call.type === 'RECONCILE' ? (call.reconcile.tasks ?? []).map(({ task_id }) => task_id.value) : [],
    );
    expect(new Set(asked)).toEqual(new Set([`${only(harness).id}.web.1`, `${only(harness).id}.log.1`]));
    expect(containersOf(harness.master.runningTasks())).toEqual(['log', 'web']);
  });

  it('are not launched twice when only the answer to their launch got lost', async () => {
    let lost = 1;
    const harness = await started({
      fate: ({ type }) => (type === 'ACCEPT' && lost-- > 0 ? 'answer-lost' : 'taken'),
    });
    await harness.deploy(pair());
    await harness.deployed();
    expect(only(harness).incarnation).toBe(1);
    expect(containersOf(harness.master.runningTasks())).toEqual(['log', 'web']);
  });

  it('wait for a place that has room for all of their containers and the executor', async () => {
    const harness = await started({}, [{ cpus: 0.25 }]);
    await harness.deploy(pair());
    await harness.pass(10_000);
    expect(harness.engine.queue()).toMatchObject([{ count: 1, spec: { id: '/g/pair' } }]);
    expect(view(harness).instances).toEqual([]);
    expect(view(harness).status).toBe('DEGRADED');
    harness.master.addAgent({ id: 'large' });
    await harness.deployed();
    expect(only(harness).agent?.id).toBe('large');
  });

  it('keep their data on reservations of their own', async () => {
    const harness = await started({ settings: { principal: 'me' } });
    const data: Partial<PodDefinition> = {
      role: 'data',
      volumes: [{ name: 'data', persistent: { type: 'root', size: 100, constraints: [] } }],
      upgradeStrategy: { minimumHealthCapacity: 0.5, maximumOverCapacity: 0 },
      unreachableStrategy: 'disabled',
      containers: [containerOf({ name: 'web', volumeMounts: [{ name: 'data', mountPath: 'data' }] })],
    };
    await harness.deploy(pair(data));
    await harness.deployed();
    const launches = harness.master.calls.flatMap((call) =>
      call.type === 'ACCEPT' ? (call.accept.operations ?? []) : [],
    );
    expect(launches.map(({ type }) => type)).toEqual(['RESERVE', 'CREATE', 'LAUNCH_GROUP']);
    const volumeOf = (): string | undefined =>
      harness.master.runningTasks()[0]?.executor?.resources?.find(({ disk }) => disk?.persistence)?.disk
        ?.persistence?.id;
    const volume = volumeOf();
    expect(volume).toMatch(/^g_pair#data#/);
    expect(view(harness).instances[0]?.volumes).toEqual([{ name: 'data', persistenceId: volume }]);
    harness.master.change(taskIdOf(harness, 'web'), 'TASK_FAILED');
    await harness.until(
      'it runs again',
      () => only(harness).incarnation === 2 && only(harness).condition === 'Running',
    );
    expect(volumeOf()).toBe(volume);
    await remove(harness);
    await harness.until('nothing is reserved', () =>
      [...harness.master.agents.values()].every(({ reserved }) => reserved.length === 0),
    );
  });

  it('do not misread containers whose names look like instances', async () => {
    const harness = await started();
    await harness.deploy(
      pair({ containers: [containerOf({ name: 'instance-1' }), containerOf({ name: 'app' })] }),
    );
    await harness.deployed();
    const { id } = only(harness);
    expect(instanceIdOf(`${id}.instance-1.1`)).toBe(id);
    expect(harness.engine.findInstance(`${id}.instance-1.1`)?.id).toBe(id);
  });
});
