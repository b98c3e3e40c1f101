import { describe, expect, it } from 'vitest';
import type { AppDefinition, UpgradeStrategy } from '../../../src/marathon/definitions/app.ts';
import { appOf } from './app-of.ts';
import { EngineHarness } from './engine-harness.ts';

const MINUTE_MS = 60_000;
const CANARY: UpgradeStrategy = {
  minimumHealthCapacity: 1,
  maximumOverCapacity: 1,
  canary: { steps: [{ percent: 50, untilContinued: true }] },
};

const web = (cmd: string, instances: number): AppDefinition =>
  appOf({
    id: '/web',
    cmd,
    instances,
    cpus: 0.5,
    constraints: [['rack', 'CLUSTER']],
    upgradeStrategy: CANARY,
  });

const addAgent = ({ master }: EngineHarness, id: string, { cpus, rack }: { cpus: number; rack: string }) =>
  master.addAgent({ id, cpus, attributes: [{ name: 'rack', type: 'TEXT', text: { value: rack } }] });

const tasksOf = ({ master }: EngineHarness, command: string): string[] =>
  master
    .runningTasks()
    .flatMap(({ info }) => (info.command?.value === command ? info.task_id.value : []))
    .sort();

/**
 * An app that was scaled before its canary and in the middle of it, so that its old and its new configuration have
 * instances of two versions each, all in rack 1. Then there is room in rack 2, which is offered first.
 */
const scaledCanary = async (): Promise<EngineHarness> => {
  const harness = new EngineHarness();
  addAgent(harness, 'first', { cpus: 0, rack: '2' });
  addAgent(harness, 'second', { cpus: 8, rack: '1' });
  await harness.start();
  for (const instances of [1, 4]) {
    await harness.deploy(web('old', instances));
    await harness.deployed();
  }
  for (const instances of [4, 8]) {
    await harness.deploy(web('new', instances), { force: true });
    await harness.pass(MINUTE_MS);
  }
  addAgent(harness, 'first', { cpus: 8, rack: '2' });
  return harness;
};

describe('constraints during an upgrade in stages', () => {
  it.each(['old', 'new'])('count %s instances of all versions of a configuration', async (command) => {
    const harness = await scaledCanary();
    const before = tasksOf(harness, command);
    const versions = new Set(before.map((task) => harness.engine.findInstance(task)?.appVersion));
    expect(versions.size).toBe(2);
    for (const task of before) {
      harness.master.change(task, 'TASK_FAILED');
      await harness.pass(MINUTE_MS);
    }
    const after = tasksOf(harness, command);
    expect(after).toHaveLength(before.length);
    for (const task of before) expect(after).not.toContain(task);
    for (const task of after) expect(harness.engine.findInstance(task)?.agent?.id).toBe('second');
  });
});
