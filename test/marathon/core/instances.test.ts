import { describe, expect, it } from 'vitest';
import type { SchedulerCall } from '../../../src/sdk/scheduler-connection.ts';
import { appOf } from './app-of.ts';
import { type CallFate, EngineHarness, type HarnessOptions } from './engine-harness.ts';

const started = async (options: HarnessOptions & { agents?: number } = {}): Promise<EngineHarness> => {
  const harness = new EngineHarness(options);
  for (let index = 0; index < (options.agents ?? 2); index++)
    harness.master.addAgent({ id: `agent-${index}` });
  await harness.start();
  await harness.pass(100);
  return harness;
};

const callsOf = <Type extends SchedulerCall['type']>(harness: EngineHarness, type: Type) =>
  harness.master.calls.filter((call): call is Extract<SchedulerCall, { type: Type }> => call.type === type);

describe('instances that fail', () => {
  it('are launched again after ever longer delays, one at a time', async () => {
    const harness = await started();
    harness.master.behaviour = () => 'error';
    await harness.deploy(appOf({ id: '/bad', instances: 3, backoffFactor: 2, maxLaunchDelaySeconds: 8 }));
    await harness.pass(500);
    const [queued] = harness.engine.queue();
    expect(queued).toMatchObject({ count: 3, role: '*' });
    expect(queued?.delayLeftMs).toBeGreaterThan(0);
    expect(harness.engine.lastTaskFailure('/bad')).toMatchObject({
      appId: '/bad',
      state: 'TASK_ERROR',
      agentId: expect.stringMatching(/^agent-/),
      host: expect.stringMatching(/\.example$/),
    });
    const before = callsOf(harness, 'ACCEPT').length;
    await harness.pass(40_000);
    const launches = callsOf(harness, 'ACCEPT').slice(before);
    expect(launches.length).toBeGreaterThanOrEqual(3);
    expect(launches.length).toBeLessThanOrEqual(6);
    for (const { accept } of launches) {
      const [operation] = accept.operations ?? [];
      expect(operation?.type === 'LAUNCH' && operation.launch.task_infos).toHaveLength(1);
    }
    expect(harness.engine.deployments()).toHaveLength(1);
    expect(harness.engine.instances('/bad')).toHaveLength(3);
  });

  it('are launched at once when the delay is reset', async () => {
    const harness = await started();
    harness.master.behaviour = () => 'fail';
    await harness.deploy(appOf({ id: '/bad', backoffSeconds: 200 }));
    await harness.pass(5000);
    expect(harness.engine.queue()[0]?.delayLeftMs).toBeGreaterThan(100_000);
    harness.master.behaviour = () => 'run';
    expect(await harness.answer(harness.engine.resetDelay('/nothing'))).toBe(false);
    expect(await harness.answer(harness.engine.resetDelay('/bad'))).toBe(true);
    await harness.pass(1000);
    expect(harness.engine.counts('/bad').tasksRunning).toBe(1);
  });

  it('do not hold up a new configuration', async () => {
    const harness = await started();
    harness.master.behaviour = ({ command }) => (command?.value === 'bad' ? 'fail' : 'run');
    await harness.deploy(appOf({ id: '/app', cmd: 'bad', backoffSeconds: 200 }));
    await harness.pass(5000);
    await harness.deploy(appOf({ id: '/app', cmd: 'good', backoffSeconds: 200 }), { force: true });
    await harness.pass(5000);
    expect(harness.engine.deployments()).toEqual([]);
  });
});

describe('instances that find no place', () => {
  it('say why, by reason and by agent', async () => {
    const harness = await started();
    await harness.deploy(appOf({ id: '/huge', cpus: 16 }));
    await harness.deploy(appOf({ id: '/picky', constraints: [['hostname', 'LIKE', 'nowhere']] }));
    await harness.pass(2000);
    const queue = harness.engine.queue();
    const huge = queue.find(({ spec }) => spec.id === '/huge');
    expect(huge?.delayLeftMs).toBe(0);
    expect(huge?.offers.lastOffers.find(({ declined }) => declined > 0)).toEqual({
      reason: 'InsufficientCpus',
      declined: 2,
      processed: 2,
    });
    expect(
      huge?.offers.lastUnused.map(({ offer, rejections }) => [offer.hostname, rejections[0]?.detail]),
    ).toEqual([
      ['agent-0.example', 'needs 16 cpus, 8 are offered'],
      ['agent-1.example', 'needs 16 cpus, 8 are offered'],
    ]);
    const picky = queue.find(({ spec }) => spec.id === '/picky');
    expect(picky?.offers.lastUnused[0]?.rejections[0]?.reason).toBe('UnfulfilledConstraint');
  });

  it('are launched when room comes', async () => {
    const harness = await started();
    await harness.deploy(appOf({ id: '/huge', cpus: 16 }));
    await harness.pass(10_000);
    harness.master.addAgent({ id: 'big', cpus: 32 });
    await harness.deployed();
    expect(harness.master.agents.get('big')?.tasks.size).toBe(1);
  });

  it('are put one on each agent by UNIQUE, and the rest waits', async () => {
    const harness = await started({ agents: 2 });
    await harness.deploy(
      appOf({ id: '/one', instances: 3, cpus: 0.1, constraints: [['hostname', 'UNIQUE']] }),
    );
    await harness.pass(5000);
    expect(harness.engine.counts('/one').tasksRunning).toBe(2);
    harness.master.addAgent({ id: 'third' });
    await harness.deployed();
    expect([...harness.master.agents.values()].map(({ tasks }) => tasks.size)).toEqual([1, 1, 1]);
  });

  it('restart on unique agents although there is no spare one, for old instances do not count', async () => {
    const harness = await started({ agents: 2 });
    const app = appOf({ id: '/one', instances: 2, cpus: 0.1, constraints: [['hostname', 'UNIQUE']] });
    await harness.deploy(app);
    await harness.deployed();
    await harness.deploy({ ...app, cmd: 'other' });
    await harness.deployed();
    expect([...harness.master.agents.values()].map(({ tasks }) => tasks.size)).toEqual([1, 1]);
  });
});

describe('demand for offers', () => {
  it('is suppressed while nothing waits, and revived when something does', async () => {
    const harness = await started();
    expect(callsOf(harness, 'SUPPRESS').map(({ suppress }) => suppress?.roles)).toEqual([['*']]);
    await harness.deploy(appOf({ id: '/web' }));
    await harness.deployed();
    expect(callsOf(harness, 'REVIVE').map(({ revive }) => revive?.roles)).toEqual([['*']]);
    await harness.pass(60_000);
    expect(callsOf(harness, 'SUPPRESS')).toHaveLength(2);
    expect(callsOf(harness, 'DECLINE').length).toBeLessThanOrEqual(2);
  });

  it('adds roles as apps have them', async () => {
    const harness = await started();
    await harness.deploy(appOf({ id: '/dev/web', role: 'dev' }));
    await harness.deployed();
    const [update] = callsOf(harness, 'UPDATE_FRAMEWORK');
    expect(update?.update_framework).toMatchObject({
      framework_info: { name: 'marathon', roles: ['*', 'dev'], checkpoint: true },
      suppressed_roles: ['*'],
    });
    expect(harness.engine.instances('/dev/web')[0]).toMatchObject({ role: 'dev', condition: 'Running' });
    harness.disconnect();
    await harness.pass(1000);
    await harness.deploy(appOf({ id: '/dev/web', role: 'dev', instances: 2 }));
    await harness.deployed();
    expect(harness.engine.counts('/dev/web').tasksRunning).toBe(2);
  });

  it('launches soon after it is asked to, however often that is', async () => {
    const harness = await started();
    for (let index = 0; index < 5; index++) {
      const atMs = harness.clock.now();
      await harness.deploy(appOf({ id: `/app${index}`, cpus: 0.1 }));
      await harness.until('it runs', () => harness.engine.deployments().length === 0, { stepMs: 5 });
      expect(harness.clock.now() - atMs).toBeLessThan(200);
    }
  });
});

describe('agents that cannot be reached', () => {
  it('lose their instances at once by default, and the old tasks are ended when they come back', async () => {
    const harness = await started();
    await harness.deploy(appOf({ id: '/web', instances: 2, cpus: 0.1 }));
    await harness.deployed();
    const lost = [...(harness.master.agents.get('agent-0')?.tasks.keys() ?? [])];
    harness.master.loseAgent('agent-0');
    await harness.pass(1000);
    expect(harness.engine.counts('/web').tasksRunning).toBe(2);
    expect(harness.master.agents.get('agent-1')?.tasks.size).toBe(2);
    harness.master.returnAgent('agent-0');
    await harness.pass(1000);
    expect(lost).toHaveLength(1);
    expect(harness.master.agents.get('agent-0')?.tasks.size).toBe(0);
    expect(harness.engine.instances('/web')).toHaveLength(2);
  });

  it('are given the time that the app grants', async () => {
    const harness = await started();
    const unreachableStrategy = { inactiveAfterSeconds: 10, expungeAfterSeconds: 100 };
    await harness.deploy(appOf({ id: '/web', instances: 2, cpus: 0.1, unreachableStrategy }));
    await harness.deployed();
    harness.master.loseAgent('agent-0');
    const conditions = () =>
      harness.engine
        .instances('/web')
        .map(({ condition }) => condition)
        .sort();
    await harness.pass(9000);
    expect(conditions()).toEqual(['Running', 'Unreachable']);
    await harness.pass(2000);
    expect(conditions()).toEqual(['Running', 'Running', 'UnreachableInactive']);
    await harness.pass(90_000);
    expect(conditions()).toEqual(['Running', 'Running']);
  });

  it('bring their instance back when it comes in time, and the surplus is ended', async () => {
    const harness = await started();
    const unreachableStrategy = { inactiveAfterSeconds: 10, expungeAfterSeconds: 100 };
    await harness.deploy(appOf({ id: '/web', instances: 2, cpus: 0.1, unreachableStrategy }));
    await harness.deployed();
    harness.master.loseAgent('agent-0');
    await harness.pass(20_000);
    harness.master.returnAgent('agent-0');
    await harness.pass(5000);
    expect(harness.engine.counts('/web').tasksRunning).toBe(2);
    expect(harness.master.runningTasks()).toHaveLength(2);
  });

  it('are waited for without end when the app says so', async () => {
    const harness = await started();
    await harness.deploy(appOf({ id: '/web', instances: 2, cpus: 0.1, unreachableStrategy: 'disabled' }));
    await harness.deployed();
    harness.master.loseAgent('agent-0');
    await harness.pass(2_000_000);
    expect(harness.engine.instances('/web')).toHaveLength(2);
    harness.master.returnAgent('agent-0');
    await harness.pass(1000);
    expect(harness.engine.counts('/web').tasksRunning).toBe(2);
  });
});

describe('a crash', () => {
  it('between the writing of a launch and its call neither loses nor doubles the instance', async () => {
    const harness = await started({ writeLatencyMs: () => 3 });
    await harness.deploy(appOf({ id: '/web' }));
    await harness.until(
      'the launch is written',
      () =>
        harness.events.some(
          (event) => event.eventType === 'instance_changed_event' && event.condition === 'Provisioned',
        ),
      { stepMs: 1 },
    );
    harness.crash();
    expect(harness.master.calls.some(({ type }) => type === 'ACCEPT')).toBe(false);
    await harness.start();
    expect(harness.engine.instances('/web')).toMatchObject([{ condition: 'Provisioned', incarnation: 1 }]);
    await harness.deployed();
    const [instance] = harness.engine.instances('/web');
    expect(instance).toMatchObject({ condition: 'Running', incarnation: 2 });
    expect(harness.master.runningTasks().map(({ info }) => info.task_id.value)).toEqual([instance?.task?.id]);
  });

  it('leaves tasks running, and they are known again', async () => {
    const harness = await started();
    await harness.deploy(appOf({ id: '/web', instances: 3, cpus: 0.1 }));
    await harness.deployed();
    const byId = () =>
      harness.engine.instances('/web').toSorted((one, other) => (one.id < other.id ? -1 : 1));
    const before = byId();
    harness.crash();
    await harness.pass(60_000);
    await harness.start();
    await harness.pass(5000);
    expect(byId()).toEqual(before);
    expect(harness.master.runningTasks()).toHaveLength(3);
    expect(harness.engine.facts).toMatchObject({ isElected: true, frameworkId: 'framework-1' });
  });

  it('goes on with the deployment, and with kills that were answered', async () => {
    const harness = await started({ agents: 1 });
    await harness.deploy(appOf({ id: '/web', instances: 2, cpus: 0.1 }));
    await harness.deployed();
    const ids = harness.engine.instances('/web').map(({ id }) => id);
    await harness.deploy(appOf({ id: '/huge', cpus: 100 }));
    await harness.answer(harness.engine.killInstances({ instanceIds: ids, wipe: false }));
    harness.crash();
    await harness.start();
    await harness.until('both were relaunched', () =>
      harness.engine
        .instances('/web')
        .every(({ incarnation, condition }) => incarnation === 2 && condition === 'Running'),
    );
    expect(harness.engine.deployments().map(({ affectedApps }) => affectedApps)).toEqual([['/huge']]);
    harness.master.addAgent({ id: 'big', cpus: 128 });
    await harness.deployed();
  });
});

describe('calls that get lost', () => {
  it.each(['lost', 'answer-lost'] as const)('do no harm when a launch is %s', async (fate: CallFate) => {
    let isFaulty = true;
    const harness = await started({
      fate: ({ type }) => {
        if (type !== 'ACCEPT' || !isFaulty) return 'taken';
        isFaulty = false;
        return fate;
      },
    });
    await harness.deploy(appOf({ id: '/web', instances: 2, cpus: 0.1 }));
    await harness.deployed();
    await harness.pass(10_000);
    expect(harness.master.runningTasks()).toHaveLength(2);
    expect(
      harness.engine
        .instances('/web')
        .map(({ task }) => task?.id)
        .sort(),
    ).toEqual(
      harness.master
        .runningTasks()
        .map(({ info }) => info.task_id.value)
        .sort(),
    );
  });

  it('are made again when a kill is lost without a word', async () => {
    const harness = await started();
    await harness.deploy(appOf({ id: '/web' }));
    await harness.deployed();
    const [task] = harness.master.runningTasks();
    const agent = harness.master.agents.get(task?.agentId ?? '');
    if (agent) agent.isReachable = false;
    await harness.deploy(appOf({ id: '/web', instances: 0 }));
    await harness.pass(20_000);
    if (agent) agent.isReachable = true;
    await harness.pass(15_000);
    expect(harness.engine.deployments()).toEqual([]);
    expect(callsOf(harness, 'KILL').length).toBe(2);
  });

  it('are made again as soon as a master that was restarted knows the task', async () => {
    const harness = await started();
    await harness.deploy(appOf({ id: '/web', instances: 4, cpus: 0.1 }));
    await harness.deployed();
    harness.restartMaster();
    await harness.deploy(appOf({ id: '/web', instances: 0, cpus: 0.1 }));
    const atMs = harness.clock.now();
    await harness.deployed();
    expect(harness.clock.now() - atMs).toBeLessThan(10_000);
    expect(harness.master.runningTasks()).toEqual([]);
  });

  it('never have more than a hundred kills under way', async () => {
    const harness = new EngineHarness();
    harness.master.addAgent({ id: 'big', cpus: 1000, mem: 1_000_000 });
    await harness.start();
    await harness.deploy(appOf({ id: '/web', instances: 250, cpus: 0.1 }));
    await harness.deployed();
    await harness.deploy(appOf({ id: '/web', instances: 0, cpus: 0.1 }));
    await harness.settle();
    await harness.pass(4);
    expect(callsOf(harness, 'KILL')).toHaveLength(100);
    await harness.deployed();
    expect(callsOf(harness, 'KILL')).toHaveLength(250);
  });
});
