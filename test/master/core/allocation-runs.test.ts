import { describe, expect, it } from 'vitest';
import { CoreHarness, INFO } from './harness.ts';

const runsOf = ({ state }: CoreHarness): number => state.counters.get('allocator/mesos/allocation_runs') ?? 0;

/** How many runs of the allocator something leads to at once. */
const runsBy = (harness: CoreHarness, happen: () => void): number => {
  const before = runsOf(harness);
  happen();
  return runsOf(harness) - before;
};

describe('runs of the allocator', () => {
  it('are one for all that asks for them at the same time', () => {
    const harness = new CoreHarness();
    const agents = Array.from({ length: 3 }, () => harness.agent());
    const framework = harness.scheduler();
    const before = framework.offers.length;
    const windows = [
      {
        machine_ids: [{ hostname: 'host', ip: '127.0.0.1' }],
        unavailability: { start: { nanoseconds: 1e18 } },
      },
    ];
    const schedule = () => harness.ask({ type: 'update-schedule', schedule: { windows } });
    expect(runsBy(harness, schedule)).toBe(1);
    expect(framework.rescinded).toHaveLength(3);
    const renewed = framework.offers.slice(before);
    expect(renewed.map(({ agent_id }) => agent_id.value).sort()).toEqual(agents.map(({ id }) => id).sort());
    expect(framework.events.filter(({ type }) => type === 'OFFERS')).toHaveLength(2);
  });

  it('come by themselves at the interval, when there is anybody and anything', () => {
    const harness = new CoreHarness();
    expect(runsBy(harness, () => harness.advance(5_000))).toBe(0);
    harness.agent();
    harness.scheduler();
    expect(runsBy(harness, () => harness.advance(5_000))).toBe(5);
    const slow = new CoreHarness({ settings: { allocationIntervalMs: 2_500 } });
    slow.agent();
    slow.scheduler();
    expect(runsBy(slow, () => slow.advance(5_000))).toBe(2);
  });

  it('come soon after a framework or an agent is there, and after REVIVE', () => {
    const harness = new CoreHarness();
    expect(runsBy(harness, () => harness.agent())).toBe(1);
    const framework = harness.scheduler();
    expect(framework.offers).toHaveLength(1);
    expect(runsBy(harness, () => framework.call({ type: 'REVIVE' }))).toBe(1);
    expect(runsBy(harness, () => harness.scheduler({ ...INFO, roles: ['ads'] }))).toBe(1);
  });

  it('do not come for suppression, a refusal for no time, or a request for resources', () => {
    const harness = new CoreHarness();
    harness.agent();
    const framework = harness.scheduler();
    const decline = { offer_ids: [framework.lastOffer.id], filters: { refuse_seconds: 0 } };
    expect(runsBy(harness, () => framework.call({ type: 'SUPPRESS' }))).toBe(0);
    expect(runsBy(harness, () => framework.call({ type: 'DECLINE', decline }))).toBe(0);
    expect(runsBy(harness, () => framework.call({ type: 'REQUEST', request: { requests: [] } }))).toBe(0);
  });
});
