import { describe, expect, it } from 'vitest';
import { advanced, delayLeftMs, lengthened } from '../../../src/marathon/core/back-off.ts';
import { appOf } from './app-of.ts';

const app = appOf({ id: '/a', backoffSeconds: 1, backoffFactor: 2, maxLaunchDelaySeconds: 10 });

describe('back-off', () => {
  it('begins with backoffSeconds, grows by backoffFactor, and stays at maxLaunchDelaySeconds', () => {
    let backOff = lengthened(app, undefined, 0);
    const delays = [backOff?.delayMs];
    for (let failure = 1; failure < 6; failure++) {
      backOff = lengthened(app, backOff, failure * 1000);
      delays.push(backOff?.delayMs);
    }
    expect(delays).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000]);
  });

  it('counts from the last failure', () => {
    const backOff = lengthened(app, undefined, 5000);
    expect(delayLeftMs(app, backOff, 5400)).toBe(600);
    expect(delayLeftMs(app, backOff, 6000)).toBe(0);
  });

  it('counts anew when a launch makes progress, with the same delay', () => {
    const backOff = advanced(app, lengthened(app, undefined, 0), 1500);
    expect(backOff).toMatchObject({ delayMs: 1000, referenceMs: 1500 });
    expect(advanced(app, undefined, 0)).toBeUndefined();
  });

  it('is forgotten when the longest delay passes without a failure', () => {
    const backOff = lengthened(app, lengthened(app, undefined, 0), 1000);
    expect(backOff?.delayMs).toBe(2000);
    expect(lengthened(app, backOff, 13_000)?.delayMs).toBe(4000);
    expect(lengthened(app, backOff, 13_001)?.delayMs).toBe(1000);
  });

  it('does not hold up another configuration', () => {
    const changed = appOf({ id: '/a', versionInfo: { lastScalingAt: 'x', lastConfigChangeAt: 'x' } });
    expect(delayLeftMs(changed, lengthened(app, undefined, 0), 0)).toBe(0);
  });

  it('is switched off by zero seconds', () => {
    expect(lengthened(appOf({ id: '/a', backoffSeconds: 0 }), undefined, 0)).toBeUndefined();
  });
});
