import { describe, expect, it } from 'vitest';
import { putApp } from '../../../src/marathon/groups/root-group.ts';
import { appOf } from './app-of.ts';
import { EngineHarness } from './engine-harness.ts';

const failed = (harness: EngineHarness): boolean => harness.eventTypes().includes('deployment_failed');

describe('a deadline', () => {
  it('outlives the death of Marathon, and counts anew from its start', async () => {
    const harness = new EngineHarness();
    harness.master.addAgent({ id: 'agent' });
    await harness.start();
    await harness.pass(100);
    await harness.deploy(appOf({ id: '/web', instances: 1 }));
    await harness.deployed();
    const change = harness.engine.updateRoot({
      force: false,
      deadline: { limitMs: 60_000, rollsBack: true },
      change: (root) => putApp(root, appOf({ id: '/web', instances: 1, cpus: 1000 })),
    });
    await harness.answer(change);
    await harness.pass(50_000);
    harness.crash();
    await harness.pass(300_000);
    await harness.start();
    await harness.pass(50_000);
    expect(failed(harness)).toBe(false);
    expect(harness.engine.deployments()).toHaveLength(1);
    await harness.pass(15_000);
    expect(failed(harness)).toBe(true);
    await harness.deployed();
    expect(harness.engine.root.apps.get('/web')?.cpus).not.toBe(1000);
    expect(harness.master.runningTasks()).toHaveLength(1);
  });
});
