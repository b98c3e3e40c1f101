import { describe, expect, it } from 'vitest';
import type { AppDefinition, UpgradeStrategy } from '../../../src/marathon/definitions/app.ts';
import { appOf } from './app-of.ts';
import { EngineHarness } from './engine-harness.ts';

type Operator = 'CLUSTER' | 'GROUP_BY';

const MINUTE_MS = 60_000;
const CANARY: UpgradeStrategy = {
  minimumHealthCapacity: 1,
  maximumOverCapacity: 1,
  canary: { steps: [{ percent: 50, untilContinued: true }] },
};

const web = (cmd: string, instances: number, operator: Operator): AppDefinition =>
  appOf({
    id: '/web',
    cmd,
    instances,
    cpus: 0.5,
    constraints: [['rack', operator]],
    upgradeStrategy: CANARY,
  });

const addAgent = ({ master }: EngineHarness, id: string, { cpus, rack }: { cpus: number; rack: string }) =>
  master.addAgent({ id, cpus, attributes: [{ name: 'rack', type: 'TEXT', text: { value: rack } }] });

const tasksOf = ({ master }: EngineHarness, command: string): string[] =>
  master
    .runningTasks()
    .flatMap(({ info }) => (info.command?.value === command ? info.task_id.value : []))
    .sort();

/** One instance, scaled before the canary and to sixteen during it: old and new ones are of two versions each. */
const scaleDuringCanary = async (
  harness: EngineHarness,
  { operator, middle }: { operator: Operator; middle: number },
): Promise<void> => {
  await harness.start();
  for (const instances of [1, middle]) {
    await harness.deploy(web('old', instances, operator));
    await harness.deployed();
  }
  for (const instances of [middle, 16]) {
    await harness.deploy(web('new', instances, operator), { force: true });
    await harness.pass(MINUTE_MS);
  }
};

/** All tasks of a command fail, one after the other; gives those that took their places. */
const loseEach = async (harness: EngineHarness, command: string): Promise<string[]> => {
  const before = tasksOf(harness, command);
  const versions = new Set(before.map((task) => harness.engine.findInstance(task)?.appVersion));
  expect(versions.size).toBe(2);
  for (const task of before) {
    harness.master.change(task, 'TASK_FAILED');
    await harness.pass(MINUTE_MS);
    expect(tasksOf(harness, command)).toHaveLength(before.length);
  }
  const after = tasksOf(harness, command);
  for (const task of before) expect(after).not.toContain(task);
  return after;
};

const CASES = [
  { command: 'old', middle: 8 },
  { command: 'new', middle: 4 },
];

describe('constraints during an upgrade in stages', () => {
  it.each(CASES)(
    'count $command instances of all versions of their configuration',
    async ({ command, middle }) => {
      const harness = new EngineHarness();
      addAgent(harness, 'first', { cpus: 0, rack: '2' });
      addAgent(harness, 'second', { cpus: 16, rack: '1' });
      await scaleDuringCanary(harness, { operator: 'CLUSTER', middle });
      // Now there is room in the other rack too, and it is offered first.
      addAgent(harness, 'first', { cpus: 16, rack: '2' });
      for (const task of await loseEach(harness, command)) {
        expect(harness.engine.findInstance(task)?.agent?.id).toBe('second');
      }
    },
  );

  it.each(CASES)(
    'spread as many $command instances as their latest version has',
    async ({ command, middle }) => {
      const harness = new EngineHarness();
      addAgent(harness, 'first', { cpus: 16, rack: '2' });
      addAgent(harness, 'second', { cpus: 16, rack: '1' });
      await scaleDuringCanary(harness, { operator: 'GROUP_BY', middle });
      await loseEach(harness, command);
    },
  );
});

describe('failures during an upgrade in stages', () => {
  it('have old instances launched one at a time, whichever versions of their configuration they are of', async () => {
    const harness = new EngineHarness();
    addAgent(harness, 'first', { cpus: 16, rack: '1' });
    await scaleDuringCanary(harness, { operator: 'CLUSTER', middle: 4 });
    const failing = tasksOf(harness, 'old');
    const versions = new Set(failing.map((task) => harness.engine.findInstance(task)?.appVersion));
    expect(versions.size).toBe(2);
    const callsBefore = harness.master.calls.length;
    for (const task of failing) harness.master.change(task, 'TASK_FAILED');
    await harness.pass(MINUTE_MS);
    expect(tasksOf(harness, 'old')).toHaveLength(failing.length);
    const launches = harness.master.calls.slice(callsBefore).flatMap((call) => {
      if (call.type !== 'ACCEPT') return [];
      const tasks = (call.accept.operations ?? []).flatMap((operation) =>
        operation.type === 'LAUNCH' ? (operation.launch.task_infos ?? []) : [],
      );
      return tasks.filter(({ command }) => command?.value === 'old').length;
    });
    expect(launches).toEqual(failing.map(() => 1));
  });
});
