import { describe, expect, it } from 'vitest';
import type { Condition, Instance } from '../../../src/marathon/core/instance.ts';
import { selectVictims } from '../../../src/marathon/core/select-victims.ts';
import { appOf } from './app-of.ts';

const instance = (
  id: string,
  {
    condition = 'Running',
    startedAtMs = 1,
    hostname = 'h',
  }: {
    condition?: Condition;
    startedAtMs?: number;
    hostname?: string;
  } = {},
): Instance => ({
  id,
  appId: '/a',
  role: '*',
  goal: 'Running',
  condition,
  sinceMs: 0,
  appVersion: 'v',
  incarnation: 1,
  agent: { id: hostname, hostname, attributes: [] },
  task: { id, hostPorts: [], stagedAtMs: 0, startedAtMs },
});

const victims = (
  candidates: Instance[],
  count: number,
  more: Partial<Parameters<typeof selectVictims>[0]> = {},
): string[] =>
  selectVictims({
    app: appOf({ id: '/a' }),
    candidates: candidates.map((candidate) => ({
      instance: candidate,
      assessment: { isReady: candidate.condition === 'Running', isCurrent: true, isHealthy: undefined },
    })),
    count,
    ...more,
  }).map(({ id }) => id);

describe('choosing what an app loses', () => {
  it('takes the youngest, or the oldest when the app wants it', () => {
    const all = [
      instance('a', { startedAtMs: 1 }),
      instance('b', { startedAtMs: 3 }),
      instance('c', { startedAtMs: 2 }),
    ];
    expect(victims(all, 2)).toEqual(['b', 'c']);
    expect(victims(all, 2, { app: appOf({ id: '/a', killSelection: 'OLDEST_FIRST' }) })).toEqual(['a', 'c']);
  });

  it('takes what does least first', () => {
    const conditions: Condition[] = ['Running', 'Killing', 'Starting', 'Unreachable', 'Scheduled', 'Staging'];
    expect(
      victims(
        conditions.map((condition) => instance(condition, { condition })),
        6,
      ),
    ).toEqual(['Scheduled', 'Unreachable', 'Staging', 'Starting', 'Killing', 'Running']);
  });

  it('takes those that were named before all others', () => {
    const all = [instance('a'), instance('b', { condition: 'Staging' }), instance('c')];
    expect(victims(all, 2, { named: new Set(['c', 'nobody']) })).toEqual(['c', 'b']);
  });

  it('of those that run takes the ones that are not ready, then those of an old configuration', () => {
    const all = ['a', 'b', 'c'].map((id) => instance(id));
    const candidates = all.map((one) => ({
      instance: one,
      assessment: { isReady: one.id !== 'b', isCurrent: one.id !== 'c', isHealthy: undefined },
    }));
    expect(victims(all, 3, { candidates })).toEqual(['b', 'c', 'a']);
    expect(victims(all, 1, { candidates })).toEqual(['b']);
  });

  it('evens out the groups of a GROUP_BY', () => {
    const all = [
      instance('a1', { hostname: 'a', startedAtMs: 9 }),
      instance('b1', { hostname: 'b', startedAtMs: 1 }),
      instance('b2', { hostname: 'b', startedAtMs: 2 }),
      instance('b3', { hostname: 'b', startedAtMs: 3 }),
    ];
    const app = appOf({ id: '/a', constraints: [['hostname', 'GROUP_BY']] });
    expect(victims(all, 2, { app })).toEqual(['b3', 'b2']);
  });
});
