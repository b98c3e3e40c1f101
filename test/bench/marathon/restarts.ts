import { performance } from 'node:perf_hooks';
import { removeApp } from '../../../src/marathon/groups/root-group.ts';
import { appOf } from '../../marathon/core/app-of.ts';
import { EngineHarness } from '../../marathon/core/engine-harness.ts';
import type { Figure } from '../figures.ts';

const SIZES = [500, 1_000, 2_000];
const ROUNDS = 3;
const AGENTS = 50;

/** Marathon's logic alone, with a master that only pretends, on virtual time: what one app costs from its start to its end. */
export const measureRestarts = async (): Promise<Figure[]> => {
  const figures: Figure[] = [];
  let formerMs: number | undefined;
  for (const size of SIZES) {
    const rounds = [];
    for (let round = 0; round < ROUNDS; round++) rounds.push(await measure(size));
    const values = rounds.map(({ restartMs }) => restartMs);
    const instances = size.toLocaleString('en');
    figures.push(
      {
        what: `${instances} instances started, in virtual time`,
        unit: 'ms',
        values: rounds.map(({ startMs }) => startMs),
      },
      { what: `rolling restart of ${instances} instances, minimumHealthCapacity 0.5`, unit: 'ms', values },
      { what: `${instances} instances removed`, unit: 'ms', values: rounds.map(({ removeMs }) => removeMs) },
    );
    const fastestMs = Math.min(...values);
    if (formerMs !== undefined) {
      const growth = [fastestMs / formerMs];
      figures.push({
        what: 'restart of twice the instances',
        unit: 'x',
        values: growth,
        aim: 'at most 2.2x',
      });
    }
    formerMs = fastestMs;
  }
  return figures;
};

const measure = async (
  instances: number,
): Promise<{ startMs: number; restartMs: number; removeMs: number }> => {
  const harness = new EngineHarness();
  for (let index = 0; index < AGENTS; index++) {
    harness.master.addAgent({ id: `agent-${index}`, cpus: 10_000, mem: 10_000_000 });
  }
  await harness.start();
  const upgradeStrategy = { minimumHealthCapacity: 0.5, maximumOverCapacity: 0 };
  const app = appOf({ id: '/app', instances, cpus: 0.01, mem: 1, upgradeStrategy });
  const startMs = await time(() => harness.deploy(app), harness);
  const restartMs = await time(() => harness.deploy({ ...app, cmd: 'sleep 601' }), harness);
  const remove = { force: false, change: (root: Parameters<typeof removeApp>[0]) => removeApp(root, app.id) };
  const removeMs = await time(() => harness.answer(harness.engine.updateRoot(remove)), harness);
  return { startMs, restartMs, removeMs };
};

const time = async (change: () => Promise<unknown>, harness: EngineHarness): Promise<number> => {
  const started = performance.now();
  await change();
  await harness.deployed();
  return performance.now() - started;
};
