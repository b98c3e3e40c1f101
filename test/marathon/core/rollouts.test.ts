import { describe, expect, it } from 'vitest';
import type { AppDefinition, UpgradeStrategy } from '../../../src/marathon/definitions/app.ts';
import { NotPaused } from '../../../src/marathon/engine.ts';
import { putApp } from '../../../src/marathon/groups/root-group.ts';
import { appOf } from './app-of.ts';
import { EngineHarness } from './engine-harness.ts';

const USUAL = { minimumHealthCapacity: 1, maximumOverCapacity: 1 };
const MINUTE_MS = 60_000;

const web = (
  cmd: string,
  upgradeStrategy: UpgradeStrategy,
  more: Partial<AppDefinition> = {},
): AppDefinition => appOf({ id: '/web', cmd, instances: 10, cpus: 0.5, upgradeStrategy, ...more });

const canary = (...steps: NonNullable<UpgradeStrategy['canary']>['steps']): UpgradeStrategy => ({
  ...USUAL,
  canary: { steps },
});

/** Ten old instances run, and the upgrade has begun. */
const upgrading = async (
  strategy: UpgradeStrategy,
  {
    deadline,
    more = {},
  }: { deadline?: { limitMs: number; rollsBack: boolean }; more?: Partial<AppDefinition> } = {},
): Promise<{ harness: EngineHarness; id: string }> => {
  const harness = new EngineHarness();
  for (const id of ['a', 'b', 'c']) harness.master.addAgent({ id });
  await harness.start();
  await harness.pass(100);
  await harness.deploy(web('old', USUAL, more));
  await harness.deployed();
  const plan = await harness.answer(
    harness.engine.updateRoot({
      force: false,
      ...(deadline && { deadline }),
      change: (root) => putApp(root, web('new', strategy, more)),
    }),
  );
  return { harness, id: plan.id };
};

/** How many run by which command. */
const running = (harness: EngineHarness): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { info } of harness.master.runningTasks()) {
    const command = info.command?.value ?? '';
    counts[command] = (counts[command] ?? 0) + 1;
  }
  return counts;
};

const oldTasks = (harness: EngineHarness): string[] =>
  harness.master
    .runningTasks()
    .flatMap(({ info }) => (info.command?.value === 'old' ? info.task_id.value : []))
    .sort();

const proceed = (harness: EngineHarness, id: string, more = {}): Promise<readonly string[]> =>
  harness.answer(harness.engine.continueDeployment({ id, all: false, force: false, ...more }));

describe('a canary', () => {
  it('has so many new instances in each step, pauses, and ends with all of them', async () => {
    const strategy = canary({ instances: 1, pauseSeconds: 300 }, { percent: 45, untilContinued: true });
    const { harness, id } = await upgrading(strategy);
    await harness.pass(4 * MINUTE_MS);
    expect(running(harness)).toEqual({ old: 9, new: 1 });
    const [stage] = harness.engine.deployments()[0]?.stages ?? [];
    expect(stage).toMatchObject({ specId: '/web', step: 1, totalSteps: 2, target: 1, ready: 1 });
    expect(stage?.pausedUntilMs).toBeGreaterThan(harness.clock.now());
    await harness.pass(2 * MINUTE_MS);
    expect(running(harness)).toEqual({ old: 5, new: 5 });
    await harness.pass(1000 * MINUTE_MS);
    expect(running(harness)).toEqual({ old: 5, new: 5 });
    expect(await proceed(harness, id)).toEqual(['/web']);
    await harness.deployed();
    expect(running(harness)).toEqual({ new: 10 });
    expect(harness.engine.endedDeployment(id)).toMatchObject({ outcome: 'succeeded' });
  });

  it('goes on where it was after the death of Marathon', async () => {
    const { harness } = await upgrading(canary({ instances: 2, pauseSeconds: 600 }));
    await harness.pass(5 * MINUTE_MS);
    harness.crash();
    await harness.pass(1 * MINUTE_MS);
    await harness.start();
    await harness.pass(3 * MINUTE_MS);
    expect(running(harness)).toEqual({ old: 8, new: 2 });
    await harness.pass(2 * MINUTE_MS);
    await harness.deployed();
    expect(running(harness)).toEqual({ new: 10 });
  });

  it('may be continued before its time, and to the end', async () => {
    const steps = [1, 2, 3].map((instances) => ({ instances, untilContinued: true }));
    const { harness, id } = await upgrading(canary(...steps));
    await harness.pass(MINUTE_MS);
    await proceed(harness, id);
    await harness.pass(MINUTE_MS);
    expect(running(harness)).toEqual({ old: 8, new: 2 });
    await proceed(harness, id, { all: true });
    await harness.deployed();
    expect(running(harness)).toEqual({ new: 10 });
  });

  it('does not get on while the new instances are not well, and is not continued unless forced', async () => {
    const { harness, id } = await upgrading(canary({ instances: 2, untilContinued: true }));
    await expect(proceed(harness, id)).rejects.toThrow(NotPaused);
    await harness.pass(MINUTE_MS);
    harness.master.behaviour = () => 'error';
    for (const { info } of harness.master.runningTasks()) {
      if (info.command?.value === 'new') harness.master.change(info.task_id.value, 'TASK_FAILED');
    }
    await harness.pass(MINUTE_MS);
    await expect(proceed(harness, id)).rejects.toThrow('0 of 2 new instances are healthy');
    expect(running(harness)).toEqual({ old: 8 });
    expect(await proceed(harness, id, { force: true })).toEqual(['/web']);
  });

  it('replaces old instances that are lost by such as they were', async () => {
    const { harness } = await upgrading(canary({ instances: 1, untilContinued: true }));
    await harness.pass(MINUTE_MS);
    const [first, second, third] = oldTasks(harness);
    harness.master.change(first ?? '', 'TASK_FAILED');
    harness.master.change(second ?? '', 'TASK_LOST');
    const gone = harness.engine.findInstance(third ?? '')?.id ?? '';
    await harness.answer(harness.engine.killInstances({ instanceIds: [gone], wipe: true }));
    harness.crash();
    await harness.start();
    await harness.pass(MINUTE_MS);
    expect(running(harness)).toEqual({ old: 9, new: 1 });
    expect(oldTasks(harness)).not.toContain(first);
  });

  it('is undone by replacing the new instances alone', async () => {
    const { harness, id } = await upgrading(canary({ instances: 3, untilContinued: true }));
    await harness.pass(MINUTE_MS);
    const before = oldTasks(harness);
    expect(before).toHaveLength(7);
    await harness.answer(harness.engine.cancelDeployment({ id, force: false }));
    await harness.deployed();
    expect(running(harness)).toEqual({ old: 10 });
    expect(oldTasks(harness)).toEqual(expect.arrayContaining(before));
  });

  it('does not miss its deadline while it is paused, but when it gets nowhere after that', async () => {
    const strategy = canary({ instances: 1, pauseSeconds: 600 });
    const { harness, id } = await upgrading(strategy, { deadline: { limitMs: 60_000, rollsBack: true } });
    await harness.pass(9 * MINUTE_MS);
    expect(harness.engine.deployments()).toHaveLength(1);
    harness.master.behaviour = ({ command }) => (command?.value === 'new' ? 'error' : 'run');
    await harness.pass(3 * MINUTE_MS);
    expect(harness.engine.endedDeployment(id)).toMatchObject({ outcome: 'failed' });
    await harness.deployed();
    expect(running(harness)).toEqual({ old: 10 });
  });

  it('stays in its step when it is scaled meanwhile', async () => {
    const { harness, id } = await upgrading(canary({ percent: 20, untilContinued: true }));
    await harness.pass(MINUTE_MS);
    const scaled = web('new', canary({ percent: 20, untilContinued: true }), { instances: 20 });
    const plan = await harness.deploy(scaled, { force: true });
    await harness.pass(MINUTE_MS);
    expect(harness.engine.endedDeployment(id)).toMatchObject({ outcome: 'superseded' });
    expect(running(harness)).toEqual({ old: 8, new: 4 });
    const lost = oldTasks(harness).slice(0, 3);
    const instanceIds = lost.flatMap((task) => harness.engine.findInstance(task)?.id ?? []);
    await harness.answer(harness.engine.killInstances({ instanceIds, wipe: true }));
    await harness.pass(MINUTE_MS);
    // As many as there were before it all.
    expect(running(harness)).toEqual({ old: 6, new: 4 });
    await proceed(harness, plan.id);
    await harness.deployed();
    expect(running(harness)).toEqual({ new: 20 });
  });

  it('stays in its step when the scaling is undone', async () => {
    const strategy = canary({ percent: 20, untilContinued: true });
    const { harness } = await upgrading(strategy);
    await harness.pass(MINUTE_MS);
    const { id } = await harness.deploy(web('new', strategy, { instances: 20 }), { force: true });
    await harness.pass(MINUTE_MS);
    const undo = await harness.answer(harness.engine.cancelDeployment({ id, force: false }));
    await harness.pass(MINUTE_MS);
    expect(running(harness).new).toBeLessThanOrEqual(4);
    expect(running(harness).old).toBeGreaterThanOrEqual(6);
    await proceed(harness, undo?.id ?? '');
    await harness.deployed();
    expect(running(harness)).toEqual({ new: 10 });
  });

  it('keeps within its capacities where there may be no more instances than usual', async () => {
    const strategy = {
      ...canary({ instances: 1, pauseSeconds: 60 }),
      minimumHealthCapacity: 0.9,
      maximumOverCapacity: 0,
    };
    const { harness } = await upgrading(strategy);
    await harness.pass(MINUTE_MS / 2);
    expect(running(harness)).toEqual({ old: 9, new: 1 });
    await harness.deployed();
    expect(running(harness)).toEqual({ new: 10 });
  });
});

describe('a canary of residents', () => {
  const store = (cmd: string, upgradeStrategy: UpgradeStrategy): AppDefinition =>
    web(cmd, upgradeStrategy, {
      instances: 4,
      role: 'data',
      container: {
        type: 'MESOS',
        volumes: [
          {
            containerPath: 'data',
            mode: 'RW',
            persistent: { type: 'root', size: 10, constraints: [] },
          },
        ],
      },
      unreachableStrategy: 'disabled',
    });
  const bounded = { minimumHealthCapacity: 0.5, maximumOverCapacity: 0 };

  it('keeps each where its data is, and is undone there too', async () => {
    const harness = new EngineHarness();
    for (const id of ['a', 'b']) harness.master.addAgent({ id });
    await harness.start();
    await harness.deploy(store('old', bounded));
    await harness.deployed();
    const places = () => harness.engine.instances('/web').map(({ id, agent }) => [id, agent?.id]);
    const before = places();
    const canaryOfOne = { ...bounded, canary: { steps: [{ instances: 1, untilContinued: true }] } };
    const { id } = await harness.deploy(store('new', canaryOfOne));
    await harness.pass(MINUTE_MS);
    expect(running(harness)).toEqual({ old: 3, new: 1 });
    const [lost] = oldTasks(harness);
    harness.master.change(lost ?? '', 'TASK_FAILED');
    await harness.pass(MINUTE_MS);
    expect(running(harness)).toEqual({ old: 3, new: 1 });
    await harness.answer(harness.engine.cancelDeployment({ id, force: false }));
    await harness.deployed();
    expect(running(harness)).toEqual({ old: 4 });
    expect(places()).toEqual(before);
    const again = await harness.deploy(store('new', canaryOfOne));
    await harness.pass(MINUTE_MS);
    await proceed(harness, again.id);
    await harness.deployed();
    expect(running(harness)).toEqual({ new: 4 });
    expect(places()).toEqual(before);
  });
});

describe('blue-green', () => {
  it('has two sets until the new one is healthy, and then drops the old one', async () => {
    const { harness, id } = await upgrading({ ...USUAL, blueGreen: { untilContinued: true } });
    const before = oldTasks(harness);
    await harness.pass(MINUTE_MS);
    expect(running(harness)).toEqual({ old: 10, new: 10 });
    expect(oldTasks(harness)).toEqual(before);
    await proceed(harness, id);
    await harness.deployed();
    expect(running(harness)).toEqual({ new: 10 });
  });

  it('is undone without a restart of the old set', async () => {
    const { harness, id } = await upgrading({ ...USUAL, blueGreen: { pauseSeconds: 3600 } });
    const before = oldTasks(harness);
    await harness.pass(MINUTE_MS);
    await harness.answer(harness.engine.cancelDeployment({ id, force: false }));
    await harness.deployed();
    expect(running(harness)).toEqual({ old: 10 });
    expect(oldTasks(harness)).toEqual(before);
  });

  it('without a pause switches as soon as all are healthy', async () => {
    const { harness } = await upgrading({ ...USUAL, blueGreen: {} });
    await harness.deployed();
    expect(running(harness)).toEqual({ new: 10 });
  });
});

describe('the events of an upgrade in stages', () => {
  const told = ({ events }: EngineHarness): unknown[] =>
    events
      .filter(({ eventType }) => eventType.startsWith('deployment_stage_'))
      .map(({ timestamp, ...event }) => event);

  it('tell where it starts, is paused, goes on and why', async () => {
    const strategy = canary(
      { instances: 1, pauseSeconds: 300 },
      { instances: 2 },
      { instances: 3, untilContinued: true },
    );
    const { harness, id } = await upgrading(strategy);
    await harness.pass(10 * MINUTE_MS);
    await proceed(harness, id);
    await harness.deployed();
    const stage = (step: number, target: number, ready: number) => ({
      ...{ id, app: '/web', step, totalSteps: 3, target, ready },
    });
    const until = expect.stringMatching(/^\d{4}-.*Z$/);
    expect(told(harness)).toEqual([
      { eventType: 'deployment_stage_started', ...stage(1, 1, 0) },
      { eventType: 'deployment_stage_paused', ...stage(1, 1, 1), until },
      { eventType: 'deployment_stage_continued', ...stage(1, 1, 1), until, reason: 'The pause is over' },
      { eventType: 'deployment_stage_started', ...stage(2, 2, 1) },
      { eventType: 'deployment_stage_started', ...stage(3, 3, 2) },
      { eventType: 'deployment_stage_paused', ...stage(3, 3, 3) },
      { eventType: 'deployment_stage_continued', ...stage(3, 3, 3), reason: 'Somebody had it continue' },
    ]);
  });

  it('tell that another deployment took its place, at the same stage, and that it was undone', async () => {
    const { harness, id } = await upgrading({ ...USUAL, blueGreen: { untilContinued: true } });
    await harness.pass(MINUTE_MS);
    const scaled = web('new', { ...USUAL, blueGreen: { untilContinued: true } }, { instances: 11 });
    const { id: scaling } = await harness.deploy(scaled, { force: true });
    await harness.answer(harness.engine.cancelDeployment({ id: scaling, force: true }));
    expect(told(harness)).toMatchObject([
      { eventType: 'deployment_stage_started', id },
      { eventType: 'deployment_stage_paused', id, target: 10, ready: 10 },
      { eventType: 'deployment_stage_aborted', id, replacedBy: scaling },
      { eventType: 'deployment_stage_paused', id: scaling, target: 11, ready: 10 },
      { eventType: 'deployment_stage_aborted', id: scaling, reason: 'The deployment was cancelled' },
    ]);
  });
});
