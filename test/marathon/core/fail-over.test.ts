import { describe, expect, it } from 'vitest';
import type { AppDefinition } from '../../../src/marathon/definitions/app.ts';
import { appOf } from './app-of.ts';
import { EngineHarness } from './engine-harness.ts';

/** A life of an app; each step begins when the one before is done. */
const STEPS: readonly ((harness: EngineHarness, app: AppDefinition) => AppDefinition)[] = [
  (_harness, app) => app,
  (_harness, app) => ({ ...app, instances: 4 }),
  (_harness, app) => ({ ...app, cmd: 'sleep 700' }),
  (_harness, app) => ({ ...app, instances: 1 }),
];
/** Two, two more, four of the new version. */
const LAUNCHES = 8;

/** The engine dies when it makes its n-th call: before the master has it, or right after. */
const live = async (fatalCall: number, fate: 'lost' | 'taken'): Promise<EngineHarness> => {
  let calls = 0;
  let isDead = false;
  const harness: EngineHarness = new EngineHarness({
    seed: fatalCall + 1,
    writeLatencyMs: () => 1,
    fate: () => {
      if (calls++ !== fatalCall) return 'taken';
      isDead = true;
      // The call is on its way for three milliseconds.
      harness.clock.setTimer(fate === 'lost' ? 1 : 4, () => harness.crash());
      return fate;
    },
  });
  const reviveIfDead = async (): Promise<void> => {
    if (!isDead) return;
    await harness.pass(10);
    isDead = false;
    await harness.start();
  };
  for (let index = 0; index < 3; index++) harness.master.addAgent({ id: `a${index}` });
  await harness.start();
  let app = appOf({
    id: '/a',
    instances: 2,
    upgradeStrategy: { minimumHealthCapacity: 0.5, maximumOverCapacity: 0.5 },
  });
  for (const step of STEPS) {
    await reviveIfDead();
    app = step(harness, harness.engine.root.apps.get('/a') ?? app);
    await harness.deploy(app);
    for (let waited = 0; waited < 2000; waited++) {
      await harness.pass(50);
      await reviveIfDead();
      if (harness.engine.deployments().length === 0) break;
    }
    expect(harness.engine.deployments()).toEqual([]);
  }
  await reviveIfDead();
  return harness;
};

const launchesOf = (harness: EngineHarness): string[] =>
  harness.master.calls.flatMap((call) =>
    call.type === 'ACCEPT'
      ? (call.accept.operations ?? []).flatMap((operation) =>
          operation.type === 'LAUNCH'
            ? (operation.launch.task_infos ?? []).map(({ task_id }) => task_id.value)
            : [],
        )
      : [],
  );

describe('an engine that dies at any of its calls', () => {
  it.each(['lost', 'taken'] as const)(
    'goes on where it was, and launches nothing twice and nothing less (the call is %s)',
    async (fate) => {
      for (let fatalCall = 0; fatalCall < 60; fatalCall++) {
        const harness = await live(fatalCall, fate);
        const where = `death at call ${fatalCall}`;
        expect(harness.master.runningTasks(), where).toHaveLength(1);
        expect(harness.engine.instances('/a'), where).toHaveLength(1);
        expect(launchesOf(harness), where).toHaveLength(LAUNCHES);
      }
    },
    120_000,
  );
});
