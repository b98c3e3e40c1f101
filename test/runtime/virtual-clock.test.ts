import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/runtime/random.ts';
import { VirtualClock } from '../../src/runtime/virtual-clock.ts';

describe('VirtualClock', () => {
  it('fires timers in the order of their due time, ties in the order they were set', () => {
    const clock = new VirtualClock(1_000);
    const fired: string[] = [];
    clock.setTimer(20, () => fired.push(`late at ${clock.now()}`));
    clock.setTimer(10, () => fired.push(`first at ${clock.now()}`));
    clock.setTimer(10, () => fired.push(`second at ${clock.now()}`));
    clock.advance(30);
    expect(fired).toEqual(['first at 1010', 'second at 1010', 'late at 1020']);
    expect(clock.now()).toBe(1_030);
  });

  it('fires timers that a fired timer sets, when they fall due within the same move', () => {
    const clock = new VirtualClock(0);
    const fired: number[] = [];
    clock.setTimer(5, () => clock.setTimer(5, () => fired.push(clock.now())));
    clock.advance(10);
    expect(fired).toEqual([10]);
  });

  it('does not fire a timer that was cancelled', () => {
    const clock = new VirtualClock(0);
    let hasFired = false;
    clock
      .setTimer(5, () => {
        hasFired = true;
      })
      .cancel();
    clock.advance(10);
    expect(hasFired).toBe(false);
  });

  it('tells how long it is until the next timer', () => {
    const clock = new VirtualClock(0);
    expect(clock.untilNext()).toBeUndefined();
    clock.setTimer(7, () => undefined);
    clock.advance(3);
    expect(clock.untilNext()).toBe(4);
  });
});

describe('seededRandom', () => {
  it('repeats itself for the same seed and differs for another', () => {
    const first = seededRandom(42);
    const second = seededRandom(42);
    const other = seededRandom(43);
    const uuid = first.uuid();
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(second.uuid()).toBe(uuid);
    expect(other.uuid()).not.toBe(uuid);
  });
});
