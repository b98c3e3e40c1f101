import { describe, expect, it } from 'vitest';
import { appOf } from './app-of.ts';
import { EngineHarness } from './engine-harness.ts';

const started = async (agents = 3): Promise<EngineHarness> => {
  const harness = new EngineHarness();
  for (let index = 0; index < agents; index++) harness.master.addAgent({ id: `agent-${index}` });
  await harness.start();
  await harness.pass(100);
  return harness;
};

describe('a deployment', () => {
  it('starts an app and ends when all its instances run', async () => {
    const harness = await started();
    const plan = await harness.deploy(appOf({ id: '/web', instances: 2 }));
    expect(plan.steps).toEqual([
      { actions: [{ action: 'StartApplication', app: '/web' }] },
      { actions: [{ action: 'ScaleApplication', app: '/web' }] },
    ]);
    await harness.deployed();
    expect(harness.engine.counts('/web').tasksRunning).toBe(2);
    expect(harness.master.runningTasks()).toHaveLength(2);
  });
});
