import { describe, expect, it } from 'vitest';
import type { AppDefinition } from '../../../src/marathon/definitions/app.ts';
import type { PersistentVolume } from '../../../src/marathon/definitions/container.ts';
import { putApp, removeApp } from '../../../src/marathon/groups/root-group.ts';
import { scalarOf } from '../../../src/mesos/resources/traits.ts';
import { appOf } from './app-of.ts';
import { EngineHarness, type HarnessOptions } from './engine-harness.ts';
import type { SimulatedAgent } from './simulated-master.ts';

const volume = (
  containerPath: string,
  persistent: Partial<PersistentVolume['persistent']> = {},
): PersistentVolume => ({
  containerPath,
  mode: 'RW',
  persistent: { type: 'root', size: 100, constraints: [], ...persistent },
});

const resident = (given: Partial<AppDefinition> & { id: string }): AppDefinition =>
  appOf({
    role: 'data',
    cpus: 1,
    mem: 128,
    portDefinitions: [{ port: 10_000, protocol: 'tcp', labels: {} }],
    container: { type: 'MESOS', volumes: [volume('data')] },
    upgradeStrategy: { minimumHealthCapacity: 0.5, maximumOverCapacity: 0 },
    unreachableStrategy: 'disabled',
    ...given,
  });

const started = async (options: HarnessOptions = {}, agents: Partial<SimulatedAgent>[] = [{}]) => {
  const harness = new EngineHarness(options);
  for (const [index, agent] of agents.entries()) harness.master.addAgent({ id: `a${index}`, ...agent });
  await harness.start();
  return harness;
};

const volumesOn = (harness: EngineHarness): string[] =>
  [...harness.master.agents.values()].flatMap(({ reserved }) =>
    reserved.flatMap(({ disk }) => disk?.persistence?.id ?? []),
  );

const operationsOf = (harness: EngineHarness): string[] =>
  harness.master.calls.flatMap((call) =>
    call.type === 'ACCEPT' ? (call.accept.operations ?? []).map(({ type }) => type) : [],
  );

const withoutReservations = (harness: EngineHarness): boolean =>
  [...harness.master.agents.values()].every(({ reserved }) => reserved.length === 0);

/** The agent has never heard of what the master thinks is on it. */
const forgetAll = (agent: SimulatedAgent | undefined): void => {
  if (agent === undefined) throw new Error('There is no agent');
  for (const task of agent.tasks.values()) task.state = 'TASK_GONE';
  agent.tasks.clear();
  agent.reserved = [];
};

describe('what is reserved', () => {
  it('is given up when its agent never heard of it and nothing has run on it', async () => {
    const harness = await started();
    await harness.deploy(resident({ id: '/db' }));
    const agent = harness.master.agents.get('a0');
    await harness.until('its launch is there', () => agent?.tasks.size === 1, { stepMs: 1 });
    const [before] = harness.engine.instances('/db');
    expect(before?.reservation).toMatchObject({ isConfirmed: true, isUsed: false });
    forgetAll(agent);
    harness.disconnect();
    await harness.deployed();
    const [after] = harness.engine.instances('/db');
    expect(after?.id).toBe(before?.id);
    expect(after?.reservation).toMatchObject({ isConfirmed: true, isUsed: true });
    expect(volumesOn(harness)).toEqual(after?.reservation?.volumes.map(({ persistenceId }) => persistenceId));
    expect(after?.reservation?.volumes).not.toEqual(before?.reservation?.volumes);
  });

  it('is given up with its instance when that is not wanted while it is in doubt', async () => {
    const harness = await started();
    await harness.deploy(resident({ id: '/db' }));
    const agent = harness.master.agents.get('a0');
    await harness.until('its launch is there', () => agent?.tasks.size === 1, { stepMs: 1 });
    forgetAll(agent);
    harness.disconnect();
    await harness.until(
      'it is in doubt',
      () => harness.engine.instances('/db')[0]?.reservation?.isConfirmed === false,
      { stepMs: 1 },
    );
    const app = harness.engine.root.apps.get('/db');
    if (!app) throw new Error('The app is gone');
    await harness.answer(
      harness.engine.updateRoot({
        force: true,
        change: (root) => putApp(root, { ...app, instances: 0 }),
      }),
    );
    await harness.until('nothing is kept', () => harness.engine.instances('/db').length === 0);
    await harness.until('nothing is reserved any more', () => withoutReservations(harness));
  });

  it('is given up in parts, as its agent shows them, until nothing is left', async () => {
    const harness = await started();
    await harness.deploy(resident({ id: '/db' }));
    await harness.deployed();
    const agent = harness.master.agents.get('a0');
    if (agent === undefined) throw new Error('There is no agent');
    const late = agent.reserved.filter(({ name }) => name === 'mem');
    agent.reserved = agent.reserved.filter(({ name }) => name !== 'mem');
    await harness.answer(
      harness.engine.updateRoot({ force: true, change: (root) => removeApp(root, '/db') }),
    );
    await harness.until('the first part is given up', () => withoutReservations(harness));
    await harness.pass(60_000);
    agent.reserved = late;
    await harness.until('the rest is given up', () => withoutReservations(harness));
    await harness.until(
      'nothing is asked for any more',
      () =>
        /SUPPRESS|REVIVE/.exec(
          harness.master.calls
            .map(({ type }) => type)
            .toReversed()
            .join(),
        )?.[0] === 'SUPPRESS',
    );
  });

  it('is waited for when something has run on it: there may be data', async () => {
    const harness = await started();
    await harness.deploy(resident({ id: '/db' }));
    await harness.deployed();
    const [before] = harness.engine.instances('/db');
    forgetAll(harness.master.agents.get('a0'));
    harness.disconnect();
    await harness.pass(600_000);
    const [after] = harness.engine.instances('/db');
    expect(after).toMatchObject({ condition: 'Scheduled', reservation: before?.reservation });
  });
});

describe('resident apps', () => {
  it('reserve what they need, make their volumes, and are launched on exactly that', async () => {
    const harness = await started({ settings: { principal: 'me' } });
    await harness.deploy(resident({ id: '/db', disk: 10 }));
    await harness.deployed();
    expect(operationsOf(harness)).toEqual(['RESERVE', 'CREATE', 'LAUNCH']);
    const [task] = harness.master.runningTasks();
    const resources = task?.info.resources ?? [];
    const labels = [
      { key: 'marathon_framework_id', value: 'framework-1' },
      { key: 'marathon_task_id', value: harness.engine.instances('/db')[0]?.id },
    ];
    for (const { reservations } of resources) {
      expect(reservations).toEqual([{ type: 'DYNAMIC', role: 'data', principal: 'me', labels: { labels } }]);
    }
    expect(scalarOf(resources, 'cpus')).toBe(1);
    expect(scalarOf(resources, 'mem')).toBe(128);
    expect(scalarOf(resources, 'disk')).toBe(110);
    expect(resources.find(({ disk }) => disk !== undefined)?.disk).toMatchObject({
      persistence: { id: expect.stringMatching(/^db#data#[0-9a-f-]{36}$/), principal: 'me' },
      volume: { container_path: 'data', mode: 'RW' },
    });
    expect(harness.engine.instances('/db')[0]?.task?.hostPorts).toHaveLength(1);
  });

  it('come back to the same volume on the same agent when their task fails', async () => {
    const harness = await started({}, [{}, {}]);
    await harness.deploy(resident({ id: '/db' }));
    await harness.deployed();
    const [before] = harness.master.runningTasks();
    const [volumeId] = volumesOn(harness);
    harness.master.change(before?.info.task_id.value ?? '', 'TASK_FAILED');
    await harness.until('it runs again', () =>
      harness.master.runningTasks().some(({ info }) => info.task_id.value.endsWith('._app.2')),
    );
    const [after] = harness.master.runningTasks();
    expect(after?.agentId).toBe(before?.agentId);
    expect(volumesOn(harness)).toEqual([volumeId]);
    expect(operationsOf(harness).filter((type) => type === 'CREATE')).toHaveLength(1);
  });

  it('keep what is reserved when they are scaled down, and take it up again', async () => {
    const harness = await started({}, [{}, {}]);
    await harness.deploy(resident({ id: '/db', instances: 2 }));
    await harness.deployed();
    const ids = volumesOn(harness).sort();
    const app = harness.engine.root.apps.get('/db');
    if (!app) throw new Error('The app is gone');
    await harness.deploy({ ...app, instances: 0 });
    await harness.deployed();
    expect(harness.master.runningTasks()).toEqual([]);
    expect(harness.engine.instances('/db').map(({ goal }) => goal)).toEqual(['Stopped', 'Stopped']);
    expect(volumesOn(harness).sort()).toEqual(ids);
    await harness.deploy({ ...app, instances: 2 });
    await harness.deployed();
    expect(volumesOn(harness).sort()).toEqual(ids);
    expect(operationsOf(harness).filter((type) => type === 'CREATE')).toHaveLength(2);
  });

  it('are upgraded where they are', async () => {
    const harness = await started({}, [{}, {}]);
    await harness.deploy(resident({ id: '/db', instances: 3 }));
    await harness.deployed();
    const ids = volumesOn(harness).sort();
    const before = harness.engine.instances('/db').map(({ id }) => id);
    const app = harness.engine.root.apps.get('/db');
    if (!app) throw new Error('The app is gone');
    await harness.deploy({ ...app, cmd: 'sleep 700' });
    await harness.deployed();
    expect(harness.engine.instances('/db').map(({ id }) => id)).toEqual(before);
    expect(harness.master.runningTasks().map(({ info }) => info.command?.value)).toEqual([
      'sleep 700',
      'sleep 700',
      'sleep 700',
    ]);
    expect(volumesOn(harness).sort()).toEqual(ids);
  });

  it('give back a volume that is only shown when all the rest has been given back', async () => {
    const harness = await started();
    await harness.deploy(resident({ id: '/db' }));
    await harness.deployed();
    const agent = harness.master.agents.get('a0');
    if (!agent) throw new Error('There is no agent');
    const hidden = agent.reserved.filter(({ disk }) => disk?.persistence !== undefined);
    agent.reserved = agent.reserved.filter((resource) => !hidden.includes(resource));
    await harness.answer(
      harness.engine.updateRoot({ force: false, change: (root) => removeApp(root, '/db') }),
    );
    await harness.until('the rest is given back', () => agent.reserved.length === 0);
    await harness.pass(60_000);
    agent.reserved = hidden;
    await harness.until('nothing is reserved any more', () => withoutReservations(harness));
  });

  it('give everything back when they are deleted', async () => {
    const harness = await started({}, [{}, {}]);
    await harness.deploy(resident({ id: '/db', instances: 2 }));
    await harness.deployed();
    await harness.answer(
      harness.engine.updateRoot({ force: false, change: (root) => removeApp(root, '/db') }),
    );
    await harness.until('nothing is reserved any more', () => withoutReservations(harness));
    expect(operationsOf(harness).filter((type) => type === 'DESTROY')).toHaveLength(2);
    await harness.pass(200_000);
    const offersAsked = harness.master.calls.filter(({ type }) => type === 'REVIVE').length;
    await harness.pass(200_000);
    expect(harness.master.calls.filter(({ type }) => type === 'REVIVE')).toHaveLength(offersAsked);
  });

  it('give everything back when one is wiped, and another is made in its place', async () => {
    const harness = await started();
    await harness.deploy(resident({ id: '/db' }));
    await harness.deployed();
    const [before] = harness.engine.instances('/db');
    const [volumeId] = volumesOn(harness);
    await harness.answer(harness.engine.killInstances({ instanceIds: [before?.id ?? ''], wipe: true }));
    await harness.until(
      'another one runs',
      () =>
        harness.master.runningTasks().length === 1 &&
        !volumesOn(harness).includes(volumeId ?? '') &&
        volumesOn(harness).length === 1,
    );
    expect(harness.engine.instances('/db')[0]?.id).not.toBe(before?.id);
  });

  it('wait for their agent when it is away, and run on when it is back', async () => {
    const harness = await started({}, [{}, {}]);
    await harness.deploy(resident({ id: '/db' }));
    await harness.deployed();
    const [task] = harness.master.runningTasks();
    harness.master.loseAgent(task?.agentId ?? '');
    await harness.pass(3_600_000);
    expect(harness.engine.instances('/db').map(({ condition }) => condition)).toEqual(['Unreachable']);
    harness.master.returnAgent(task?.agentId ?? '');
    await harness.until('it runs', () => harness.engine.instances('/db')[0]?.condition === 'Running');
    expect(harness.engine.instances('/db')[0]?.incarnation).toBe(1);
  });

  it('are made anew when an operator says that their agent is gone for good', async () => {
    const harness = await started({}, [{}, {}]);
    await harness.deploy(resident({ id: '/db' }));
    await harness.deployed();
    const [task] = harness.master.runningTasks();
    const agent = harness.master.agents.get(task?.agentId ?? '');
    if (!task || !agent) throw new Error('It does not run');
    harness.master.change(task.info.task_id.value, 'TASK_GONE_BY_OPERATOR');
    harness.master.agents.delete(agent.id);
    await harness.until('it runs elsewhere', () =>
      harness.master.runningTasks().some(({ agentId }) => agentId !== agent.id),
    );
    expect(harness.engine.instances('/db')).toHaveLength(1);
  });

  it.each(['1.11.0', '1.7.0'])('try again when a master %s does not do what is asked', async (version) => {
    const harness = await started();
    harness.master.version = version;
    harness.restartMaster();
    let refused = 0;
    harness.master.failOperation = ({ type }) => type === 'CREATE' && refused++ === 0;
    await harness.deploy(resident({ id: '/db' }));
    await harness.deployed();
    await harness.pass(60_000);
    expect(volumesOn(harness)).toHaveLength(1);
    expect(scalarOf(harness.master.agents.get('a0')?.reserved ?? [], 'cpus')).toBe(1);
    expect(harness.master.runningTasks()).toHaveLength(1);
  });

  it('take path and mount disks of the kind they ask for', async () => {
    const disks = [
      { kind: 'PATH', root: '/p1', size: 500 },
      { kind: 'MOUNT', root: '/m1', size: 900 },
      { kind: 'MOUNT', root: '/m2', size: 600, profile: 'fast' },
    ].map(({ kind, root, size, profile }) => ({
      name: 'disk',
      type: 'SCALAR' as const,
      scalar: { value: size },
      disk: {
        source:
          kind === 'PATH'
            ? { type: 'PATH' as const, path: { root } }
            : { type: 'MOUNT' as const, mount: { root }, ...(profile ? { profile } : {}) },
      },
    }));
    const harness = await started({}, [{ disks }]);
    await harness.deploy(
      resident({
        id: '/db',
        container: {
          type: 'MESOS',
          volumes: [
            volume('path', { type: 'path', size: 200 }),
            volume('mount', { type: 'mount', size: 300, constraints: [['path', 'LIKE', '/m1']] }),
            volume('fast', { type: 'mount', size: 100, profileName: 'fast' }),
          ],
        },
      }),
    );
    await harness.deployed();
    const volumes = (harness.master.runningTasks()[0]?.info.resources ?? []).filter(({ disk }) => disk);
    const found = volumes.map(({ disk, scalar }) => [
      disk?.volume?.container_path,
      disk?.source?.path?.root ?? disk?.source?.mount?.root,
      scalar?.value,
    ]);
    expect(found.sort()).toEqual([
      ['fast', '/m2', 600],
      ['mount', '/m1', 900],
      ['path', '/p1', 200],
    ]);
  });

  it('say that no reservation of theirs is offered while they wait for it', async () => {
    const harness = await started({}, [{}, {}]);
    await harness.deploy(resident({ id: '/db' }));
    await harness.deployed();
    const [task] = harness.master.runningTasks();
    const agent = harness.master.agents.get(task?.agentId ?? '');
    if (!task || !agent) throw new Error('It does not run');
    harness.master.change(task.info.task_id.value, 'TASK_FAILED');
    agent.isReachable = false;
    await harness.pass(30_000);
    const [item] = harness.engine.queue();
    expect(item?.offers.lastUnused[0]?.rejections[0]?.reason).toBe('NoCorrespondingReservationFound');
  });

  it('neither lose nor double a volume when the engine dies at any moment', async () => {
    for (let seed = 1; seed <= 30; seed++) {
      const harness = await started({ seed, writeLatencyMs: () => harness.random.next() * 4 }, [{}, {}, {}]);
      const dieSoon = async (withinMs: number): Promise<void> => {
        await harness.pass(Math.floor(harness.random.next() * withinMs));
        harness.crash();
        await harness.pass(Math.floor(harness.random.next() * 3000));
        await harness.start();
      };
      void harness.engine
        .updateRoot({ force: true, change: (root) => putApp(root, resident({ id: '/db', instances: 4 })) })
        .catch(() => undefined);
      await harness.pass(10);
      for (let life = 0; life < 4; life++) await dieSoon(1500);
      const app = harness.engine.root.apps.get('/db');
      if (app === undefined) throw new Error('The app is gone');
      await harness.deployed();
      const before = volumesOn(harness).sort();
      expect(before, `seed ${seed}`).toHaveLength(4);
      void harness.engine
        .updateRoot({ force: true, change: (root) => putApp(root, { ...app, cmd: 'sleep 700' }) })
        .catch(() => undefined);
      await harness.pass(10);
      for (let life = 0; life < 4; life++) await dieSoon(1500);
      await harness.deployed();
      await harness.pass(60_000);
      expect(volumesOn(harness).sort(), `seed ${seed}`).toEqual(before);
      expect(harness.master.runningTasks(), `seed ${seed}`).toHaveLength(4);
    }
  }, 120_000);
});
