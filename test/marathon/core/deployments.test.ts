import { describe, expect, it } from 'vitest';
import {
  AppLocked,
  TooManyDeployments,
  UnknownDeployment,
  UnsupportedApp,
} from '../../../src/marathon/engine.ts';
import { putApps, removeApp } from '../../../src/marathon/groups/root-group.ts';
import { markForRestart } from '../../../src/marathon/groups/stamp-versions.ts';
import { appOf } from './app-of.ts';
import { EngineHarness, type HarnessOptions } from './engine-harness.ts';

const started = async (options: HarnessOptions & { agents?: number } = {}): Promise<EngineHarness> => {
  const harness = new EngineHarness(options);
  for (let index = 0; index < (options.agents ?? 3); index++)
    harness.master.addAgent({ id: `agent-${index}` });
  await harness.start();
  await harness.pass(100);
  return harness;
};

const commands = (harness: EngineHarness): (string | undefined)[] =>
  harness.master.runningTasks().map(({ info }) => info.command?.value);

describe('a deployment', () => {
  it('starts an app and tells what happens in the order that clients know', async () => {
    const harness = await started();
    const plan = await harness.deploy(appOf({ id: '/web', instances: 1 }));
    expect(plan.steps).toEqual([
      { actions: [{ action: 'StartApplication', app: '/web' }] },
      { actions: [{ action: 'ScaleApplication', app: '/web' }] },
    ]);
    expect(harness.engine.deployments()).toEqual([
      {
        ...plan,
        affectedApps: ['/web'],
        affectedPods: [],
        stages: [],
        currentStep: 2,
        currentActions: [{ action: 'ScaleApplication', app: '/web', readinessCheckResults: [] }],
      },
    ]);
    await harness.deployed();
    const conditions = harness.events.flatMap((event) =>
      event.eventType === 'instance_changed_event' ? [event.condition] : [],
    );
    expect(conditions).toEqual(['Scheduled', 'Provisioned', 'Starting', 'Running']);
    expect(harness.eventTypes().filter((type) => !/status|instance/.test(type))).toEqual([
      'scheduler_registered_event',
      'group_change_success',
      'deployment_info',
      'deployment_step_success',
      'deployment_info',
      'deployment_step_success',
      'deployment_success',
    ]);
    expect(harness.engine.counts('/web')).toEqual({
      tasksStaged: 0,
      tasksRunning: 1,
      tasksHealthy: 0,
      tasksUnhealthy: 0,
    });
    const [instance] = harness.engine.instances('/web');
    expect(instance?.id).toMatch(/^web\.instance-[0-9a-f-]{36}$/);
    expect(instance?.task?.id).toBe(`${instance?.id}._app.1`);
    expect(harness.engine.findInstance(instance?.task?.id ?? '')).toEqual(instance);
  });

  it('spreads instances over the agents and launches them with one call per offer', async () => {
    const harness = await started();
    await harness.deploy(appOf({ id: '/web', instances: 12, cpus: 0.1 }));
    await harness.deployed();
    expect([...harness.master.agents.values()].map(({ tasks }) => tasks.size)).toEqual([4, 4, 4]);
    expect(harness.master.calls.filter(({ type }) => type === 'ACCEPT')).toHaveLength(3);
  });

  it('scales without a restart, and ends the youngest when there are too many', async () => {
    const harness = await started();
    await harness.deploy(appOf({ id: '/web', instances: 1 }));
    await harness.deployed();
    const [oldest] = harness.engine.instances('/web');
    await harness.deploy(appOf({ id: '/web', instances: 3 }));
    await harness.deployed();
    expect(harness.engine.instances('/web')).toHaveLength(3);
    await harness.deploy(appOf({ id: '/web', instances: 1 }));
    await harness.deployed();
    expect(harness.engine.instances('/web').map(({ id }) => id)).toEqual([oldest?.id]);
    expect(harness.master.runningTasks()).toHaveLength(1);
  });

  it('keeps an app that is scaled to nothing', async () => {
    const harness = await started();
    await harness.deploy(appOf({ id: '/web' }));
    await harness.deployed();
    const plan = await harness.deploy(appOf({ id: '/web', instances: 0 }));
    expect(plan.steps).toEqual([{ actions: [{ action: 'ScaleApplication', app: '/web' }] }]);
    await harness.deployed();
    expect(harness.engine.root.apps.has('/web')).toBe(true);
    expect(harness.engine.counts('/web').tasksRunning).toBe(0);
  });

  it('replaces instances of an old configuration, never with fewer ready than it must', async () => {
    const harness = await started();
    const app = appOf({
      id: '/web',
      instances: 4,
      cmd: 'one',
      upgradeStrategy: { minimumHealthCapacity: 0.75, maximumOverCapacity: 0.25 },
    });
    await harness.deploy(app);
    await harness.deployed();
    await harness.deploy({ ...app, cmd: 'two' });
    let most = 0;
    while (harness.engine.deployments().length > 0) {
      expect(harness.engine.counts('/web').tasksRunning).toBeGreaterThanOrEqual(3);
      most = Math.max(most, harness.master.runningTasks().length);
      await harness.pass(1);
    }
    expect(most).toBe(5);
    expect(commands(harness)).toEqual(['two', 'two', 'two', 'two']);
  });

  it('restarts an app that nothing differs of when it is told to', async () => {
    const harness = await started();
    await harness.deploy(appOf({ id: '/web', instances: 2 }));
    await harness.deployed();
    const before = harness.engine.instances('/web').map(({ id }) => id);
    const change = harness.engine.updateRoot({
      force: false,
      change: (root, version) =>
        putApps(
          root,
          [...root.apps.values()].map((app) => markForRestart(app, version)),
        ),
    });
    expect((await harness.answer(change)).steps).toEqual([
      { actions: [{ action: 'RestartApplication', app: '/web' }] },
    ]);
    await harness.deployed();
    const after = harness.engine.instances('/web').map(({ id }) => id);
    expect(after).toHaveLength(2);
    expect(after.filter((id) => before.includes(id))).toEqual([]);
  });

  it('waits for what an app depends on', async () => {
    const harness = await started();
    harness.master.behaviour = ({ name }) => (name === 'db' ? 'error' : 'run');
    const apps = [appOf({ id: '/web', dependencies: ['/db'] }), appOf({ id: '/db' })];
    await harness.answer(harness.engine.updateRoot({ force: false, change: (root) => putApps(root, apps) }));
    await harness.pass(20_000);
    expect(harness.engine.instances('/web')).toEqual([]);
    harness.master.behaviour = () => 'run';
    await harness.deployed();
    expect(harness.engine.counts('/web').tasksRunning).toBe(1);
  });

  it('removes an app, and forgets it', async () => {
    const harness = await started();
    await harness.deploy(appOf({ id: '/web', instances: 2 }));
    await harness.deployed();
    const removal = harness.engine.updateRoot({ force: true, change: (root) => removeApp(root, '/web') });
    expect((await harness.answer(removal)).steps).toEqual([
      { actions: [{ action: 'StopApplication', app: '/web' }] },
    ]);
    expect(harness.engine.root.apps.has('/web')).toBe(false);
    expect(harness.master.runningTasks()).toHaveLength(2);
    await harness.deployed();
    expect(harness.master.runningTasks()).toEqual([]);
    expect(harness.engine.instances('/web')).toEqual([]);
    expect(harness.eventTypes()).toContain('app_terminated_event');
  });

  it('succeeds at once when there is nothing to do', async () => {
    const harness = await started();
    await harness.deploy(appOf({ id: '/web' }));
    await harness.deployed();
    const plan = await harness.deploy(appOf({ id: '/web' }));
    expect(plan.steps).toEqual([]);
    expect(harness.engine.deployments()).toEqual([]);
    expect(harness.engine.root.apps.get('/web')?.version).not.toBe(plan.version);
    expect(harness.events.at(-1)).toMatchObject({ eventType: 'deployment_success', id: plan.id });
  });
});

describe('conflicts', () => {
  const stuck = appOf({ id: '/huge', cpus: 1000 });

  it('refuse an update, with the deployments that are in its way', async () => {
    const harness = await started();
    const plan = await harness.deploy(stuck);
    const refusal = harness.deploy({ ...stuck, cpus: 2000 });
    await expect(refusal).rejects.toEqual(new AppLocked([plan.id]));
    await expect(refusal).rejects.toMatchObject({ deploymentIds: [plan.id] });
    expect(harness.engine.root.apps.get('/huge')?.cpus).toBe(1000);
  });

  it('give way to force', async () => {
    const harness = await started();
    const plan = await harness.deploy(stuck);
    await harness.deploy({ ...stuck, cpus: 1 }, { force: true });
    await harness.deployed();
    expect(harness.engine.counts('/huge').tasksRunning).toBe(1);
    expect(harness.events).toContainEqual(
      expect.objectContaining({ eventType: 'deployment_failed', id: plan.id }),
    );
  });

  it('leave other apps alone', async () => {
    const harness = await started();
    await harness.deploy(stuck);
    await harness.deploy(appOf({ id: '/web' }));
    await harness.until('the web runs', () => harness.engine.counts('/web').tasksRunning === 1);
    expect(harness.engine.deployments()).toHaveLength(1);
  });

  it('are bounded in number', async () => {
    const harness = await started({ settings: { maxRunningDeployments: 2 } });
    await harness.deploy({ ...stuck, id: '/one' });
    await harness.deploy({ ...stuck, id: '/two' });
    await expect(harness.deploy({ ...stuck, id: '/three' })).rejects.toThrow(TooManyDeployments);
    expect(harness.engine.root.apps.has('/three')).toBe(false);
    await harness.deploy({ ...stuck, id: '/two', cpus: 3000 }, { force: true });
  });

  it('are not made by what is refused for another reason', async () => {
    const harness = await started();
    const failing = harness.engine.updateRoot({
      force: false,
      change: () => {
        throw new Error('The change is not valid');
      },
    });
    await expect(harness.answer(failing)).rejects.toThrow('The change is not valid');
    await expect(harness.deploy(appOf({ id: `/${'x'.repeat(600)}` }))).rejects.toThrow(UnsupportedApp);
    expect(harness.engine.root.apps.size).toBe(0);
    expect(harness.engine.deployments()).toEqual([]);
  });
});

describe('cancelling a deployment', () => {
  it('with force leaves everything as it is', async () => {
    const harness = await started();
    const { id } = await harness.deploy(appOf({ id: '/huge', cpus: 1000 }));
    await harness.pass(1000);
    expect(await harness.answer(harness.engine.cancelDeployment({ id, force: true }))).toBe(undefined);
    expect(harness.engine.deployments()).toEqual([]);
    expect(harness.events.at(-1)).toMatchObject({ eventType: 'deployment_failed', id });
    expect(harness.engine.root.apps.has('/huge')).toBe(true);
    expect(harness.engine.queue().map(({ spec }) => spec.id)).toEqual(['/huge']);
  });

  it('without force undoes what it changed and nothing else', async () => {
    const harness = await started();
    const web = appOf({ id: '/web', cmd: 'good', instances: 2 });
    await harness.deploy(web);
    await harness.deployed();
    const change = [appOf({ id: '/new/app', cpus: 1000 }), { ...web, cmd: 'bad', cpus: 1000 }];
    const plan = await harness.answer(
      harness.engine.updateRoot({ force: false, change: (root) => putApps(root, change) }),
    );
    await harness.deploy(appOf({ id: '/other' }));
    await harness.pass(1000);
    const undo = await harness.answer(harness.engine.cancelDeployment({ id: plan.id, force: false }));
    expect(undo?.steps.flatMap(({ actions }) => actions)).toEqual([
      { action: 'StopApplication', app: '/new/app' },
      { action: 'RestartApplication', app: '/web' },
    ]);
    await harness.deployed();
    expect([...harness.engine.root.apps.keys()].sort()).toEqual(['/other', '/web']);
    expect(harness.engine.root.groups.has('/new')).toBe(false);
    expect(commands(harness).sort()).toEqual(['good', 'good', 'sleep 600']);
  });

  it('of one that does not exist is refused', async () => {
    const harness = await started();
    await expect(harness.answer(harness.engine.cancelDeployment({ id: 'x', force: true }))).rejects.toThrow(
      UnknownDeployment,
    );
  });
});

describe('killing instances', () => {
  it('relaunches them under the same id, as the next task', async () => {
    const harness = await started();
    await harness.deploy(appOf({ id: '/web' }));
    await harness.deployed();
    const [before] = harness.engine.instances('/web');
    const killed = await harness.answer(
      harness.engine.killInstances({ instanceIds: [before?.id ?? '', 'unknown'], wipe: false }),
    );
    expect(killed).toEqual([before]);
    await harness.until('it runs again', () => harness.engine.instances('/web')[0]?.incarnation === 2);
    await harness.pass(1000);
    const [after] = harness.engine.instances('/web');
    expect(after).toMatchObject({
      id: before?.id,
      condition: 'Running',
      task: { id: `${before?.id}._app.2` },
    });
    expect(harness.master.runningTasks()).toHaveLength(1);
  });

  it('replaces them by new ones with wipe', async () => {
    const harness = await started();
    await harness.deploy(appOf({ id: '/web' }));
    await harness.deployed();
    const [before] = harness.engine.instances('/web');
    await harness.answer(harness.engine.killInstances({ instanceIds: [before?.id ?? ''], wipe: true }));
    await harness.pass(1000);
    const [after, ...others] = harness.engine.instances('/web');
    expect(others).toEqual([]);
    expect(after?.id).not.toBe(before?.id);
    expect(after).toMatchObject({ condition: 'Running', incarnation: 1 });
  });

  it('takes the named ones when an app is made smaller', async () => {
    const harness = await started();
    await harness.deploy(appOf({ id: '/web', instances: 3 }));
    await harness.deployed();
    const [first, second, third] = harness.engine.instances('/web').map(({ id }) => id);
    const change = harness.engine.updateRoot({
      force: false,
      change: (root) =>
        putApps(
          root,
          [...root.apps.values()].map((app) => ({ ...app, instances: 2 })),
        ),
      toKill: new Map([['/web', [second ?? '']]]),
    });
    await harness.answer(change);
    await harness.deployed();
    expect(harness.engine.instances('/web').map(({ id }) => id)).toEqual([first, third]);
  });
});

describe('versions', () => {
  it('of an app and of the root group are kept, and can be read again', async () => {
    const harness = await started();
    const first = await harness.deploy(appOf({ id: '/web', cmd: 'one' }));
    await harness.deployed();
    const second = await harness.deploy(appOf({ id: '/g/api' }));
    await harness.deployed();
    const third = await harness.deploy(appOf({ id: '/web', cmd: 'two' }));
    await harness.deployed();
    const { engine } = harness;
    expect(engine.appVersions('/web')).toEqual([first.version, third.version]);
    expect(engine.appAt('/web', first.version)?.cmd).toBe('one');
    expect(engine.appAt('/web', second.version)).toBeUndefined();
    expect(engine.rootVersions()).toEqual([first.version, second.version, third.version]);
    const then = engine.rootAt(second.version);
    expect(then?.apps.get('/web')?.cmd).toBe('one');
    expect([...(then?.groups.keys() ?? [])]).toEqual(['/', '/g']);
    expect([...(engine.rootAt(first.version)?.groups.keys() ?? [])]).toEqual(['/']);
    expect(engine.rootAt('2020-01-01T00:00:00.000Z')).toBeUndefined();
  });

  it('grow strictly, even when the clock stands still', async () => {
    const harness = await started();
    const plans = await Promise.all(
      ['/a', '/b', '/c'].map((id) =>
        harness.engine.updateRoot({ force: false, change: (root) => putApps(root, [appOf({ id })]) }),
      ),
    );
    expect(new Set(plans.map(({ version }) => version)).size).toBe(3);
  });

  it('are bounded, and apps that no kept root group has are forgotten', async () => {
    const harness = await started({ settings: { maxVersions: 5 } });
    await harness.deploy(appOf({ id: '/gone' }));
    await harness.deployed();
    await harness.answer(
      harness.engine.updateRoot({ force: true, change: (root) => removeApp(root, '/gone') }),
    );
    await harness.deployed();
    expect(harness.engine.appVersions('/gone')).toHaveLength(1);
    for (let instances = 1; instances < 9; instances++) {
      await harness.deploy(appOf({ id: '/web', instances, cpus: 0.1 }));
      await harness.deployed();
    }
    expect(harness.engine.rootVersions()).toHaveLength(5);
    expect(harness.engine.appVersions('/web').length).toBeLessThanOrEqual(8);
    expect(harness.engine.appVersions('/gone')).toEqual([]);
  });
});
