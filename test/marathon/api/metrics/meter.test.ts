import { expect, it } from 'vitest';
import { createMeter } from '../../../../src/marathon/api/metrics/meter.ts';
import { createTimer } from '../../../../src/marathon/api/metrics/timer.ts';

it('a meter gives the rates of the last minutes, which fall when nothing happens', () => {
  let nowMs = 0;
  const meter = createMeter(() => nowMs);
  const pass = (seconds: number, perSecond: number): void => {
    for (let second = 0; second < seconds; second++) {
      nowMs += 1_000;
      for (let index = 0; index < perSecond; index++) meter.mark();
    }
  };
  expect(meter.read()).toEqual({ count: 0, m1_rate: 0, m5_rate: 0, m15_rate: 0, mean_rate: 0 });
  pass(600, 10);
  const busy = meter.read();
  expect(busy.count).toBe(6_000);
  expect(busy.mean_rate).toBe(10);
  expect(busy.m1_rate).toBeCloseTo(10, 0);
  nowMs += 60_000;
  const idle = meter.read();
  expect(idle.m1_rate / busy.m1_rate).toBeCloseTo(Math.exp(-1), 1);
  expect(idle.m15_rate / busy.m15_rate).toBeCloseTo(Math.exp(-1 / 15), 1);
});

it('a timer gives the distribution of the latest times', () => {
  const timer = createTimer(() => 0);
  expect(timer.read()).toMatchObject({ count: 0, min: 0, max: 0, mean: 0, stddev: 0, p50: 0, p999: 0 });
  for (let index = 0; index < 1_028; index++) timer.record(1_000);
  for (let index = 1; index <= 1_028; index++) timer.record(index);
  expect(timer.read()).toMatchObject({
    count: 2_056,
    min: 1,
    max: 1_028,
    mean: 514.5,
    p50: 514,
    p75: 771,
    p999: 1_027,
  });
});
