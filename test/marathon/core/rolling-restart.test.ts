import { describe, expect, it } from 'vitest';
import { decideRestart, type RestartSituation } from '../../../src/marathon/core/rolling-restart.ts';
import { seededRandom } from '../../../src/runtime/random.ts';

type Strategy = Pick<
  RestartSituation,
  'instances' | 'minimumHealthCapacity' | 'maximumOverCapacity' | 'isResident'
>;

/** Carries decisions out, one event at a time, until the restart is done. */
const restart = (
  strategy: Strategy,
  { old = strategy.instances, oldReady = old }: { old?: number; oldReady?: number } = {},
  next: (choices: number) => number = () => 0,
) => {
  const now = { old, oldReady, current: 0, currentReady: 0, ending: 0 };
  let killedAtOnce: number | undefined;
  let peak = 0;
  let leastReady = now.oldReady;
  for (let events = 0; events < 10_000; events++) {
    const decision = decideRestart({ ...strategy, ...now });
    if (decision.isDone) return { killedAtOnce: killedAtOnce ?? 0, peak, leastReady };
    killedAtOnce ??= decision.kill;
    const unready = Math.min(decision.kill, now.old - now.oldReady);
    now.old -= decision.kill;
    now.oldReady -= decision.kill - unready;
    now.ending += decision.kill;
    now.current += decision.start;
    leastReady = Math.min(leastReady, now.oldReady + now.currentReady);
    peak = Math.max(peak, now.old + now.ending + now.current);
    if (decision.kill + decision.start > 0) continue;
    const possible = [
      ...(now.ending > 0 ? ['ended'] : []),
      ...(now.currentReady < now.current ? ['ready'] : []),
    ];
    const happened = possible[next(possible.length)];
    if (happened === 'ended') now.ending--;
    else if (happened === 'ready') now.currentReady++;
    else throw new Error(`Nothing goes on any more: ${JSON.stringify({ strategy, now })}`);
  }
  throw new Error('The restart does not end');
};

describe('a rolling restart', () => {
  it.each([
    { instances: 10, min: 1, over: 1, killed: 0, peak: 20 },
    { instances: 10, min: 1, over: 0, killed: 0, peak: 11 },
    { instances: 10, min: 0.5, over: 0, killed: 5, peak: 10 },
    { instances: 10, min: 0.5, over: 0.2, killed: 5, peak: 12 },
    { instances: 10, min: 0, over: 0, killed: 10, peak: 10 },
    { instances: 1, min: 1, over: 0, killed: 0, peak: 2 },
    { instances: 3, min: 0.5, over: 0, killed: 1, peak: 3, isResident: true },
    { instances: 3, min: 1, over: 0, killed: 1, peak: 3, isResident: true },
  ])(
    'of $instances with $min/$over kills $killed at once and peaks at $peak',
    ({ instances, min, over, killed, peak, isResident = false }) => {
      const outcome = restart({
        instances,
        minimumHealthCapacity: min,
        maximumOverCapacity: over,
        isResident,
      });
      expect(outcome).toMatchObject({ killedAtOnce: killed, peak });
    },
  );

  it('ends, keeps enough ready and never has too many, whatever the numbers and the order of events', () => {
    for (let seed = 1; seed <= 3000; seed++) {
      const random = seededRandom(seed);
      const upTo = (limit: number): number => Math.floor(random.next() * (limit + 1));
      const instances = upTo(12);
      const old = upTo(14);
      const oldReady = upTo(old);
      const strategy = {
        instances,
        minimumHealthCapacity: upTo(10) / 10,
        maximumOverCapacity: upTo(10) / 10,
        isResident: random.next() < 0.3,
      };
      const { peak, leastReady } = restart(strategy, { old, oldReady }, (choices) => upTo(choices - 1));
      const minHealthy = Math.ceil(instances * strategy.minimumHealthCapacity);
      const maxCapacity = Math.floor(instances * (1 + strategy.maximumOverCapacity));
      const allowance = strategy.isResident && minHealthy === maxCapacity ? 1 : 0;
      // An app that is made smaller needs to keep only as many as it will have.
      expect(leastReady).toBeGreaterThanOrEqual(Math.min(oldReady, minHealthy - allowance, instances));
      expect(peak).toBeLessThanOrEqual(Math.max(old, maxCapacity + 1));
    }
  });

  it('does not wait for old instances that will never be ready', () => {
    const strategy = {
      instances: 3,
      minimumHealthCapacity: 0.5,
      maximumOverCapacity: 0,
      isResident: false,
    };
    expect(restart(strategy, { old: 3, oldReady: 0 }).peak).toBe(3);
  });

  it('ends new instances that are too many', () => {
    const decision = decideRestart({
      instances: 2,
      minimumHealthCapacity: 1,
      maximumOverCapacity: 1,
      isResident: false,
      old: 0,
      oldReady: 0,
      current: 5,
      currentReady: 5,
      ending: 0,
    });
    expect(decision).toMatchObject({ killCurrent: 3, isDone: false });
  });
});
