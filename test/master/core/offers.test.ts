import { describe, expect, it } from 'vitest';
import { CoreHarness, INFO, OLD_INFO } from './harness.ts';

const setUp = () => {
  const harness = new CoreHarness();
  const agent = harness.agent();
  const framework = harness.scheduler();
  return { harness, agent, framework };
};

describe('offers', () => {
  it('name the agent, its address and the role, in the format that the framework can read', () => {
    const { harness, agent, framework } = setUp();
    expect(framework.lastOffer).toMatchObject({
      id: { value: 'M-O0' },
      framework_id: { value: 'M-0000' },
      agent_id: { value: 'M-S0' },
      hostname: 'host',
      url: { scheme: 'http', address: agent.report.address, path: '/slave(1)' },
      allocation_info: { role: 'eng' },
    });
    expect(framework.lastOffer.resources?.[0]).toEqual({
      name: 'cpus',
      type: 'SCALAR',
      scalar: { value: 4 },
      allocation_info: { role: 'eng' },
    });
    framework.call({ type: 'TEARDOWN' });
    const old = harness.scheduler(OLD_INFO);
    expect(old.lastOffer.allocation_info).toBeUndefined();
    expect(old.lastOffer.resources?.[0]).toEqual({
      name: 'cpus',
      type: 'SCALAR',
      scalar: { value: 4 },
      role: '*',
    });
  });

  it('come back at the next interval without a filter, and after the filter with one', () => {
    const { harness, framework } = setUp();
    framework.call({
      type: 'DECLINE',
      decline: { offer_ids: [framework.lastOffer.id], filters: { refuse_seconds: 0 } },
    });
    expect(framework.offers).toHaveLength(1);
    harness.advance(1_000);
    expect(framework.offers).toHaveLength(2);
    framework.call({ type: 'DECLINE', decline: { offer_ids: [framework.lastOffer.id] } });
    harness.advance(4_500);
    expect(framework.offers).toHaveLength(2);
    harness.advance(1_500);
    expect(framework.offers).toHaveLength(3);
  });

  it('go to others at once when one framework declines them', () => {
    const { harness, framework } = setUp();
    const other = harness.scheduler({ ...INFO, roles: ['ads'] });
    expect(other.offers).toHaveLength(0);
    framework.call({ type: 'DECLINE', decline: { offer_ids: [framework.lastOffer.id] } });
    expect(other.offers).toHaveLength(1);
  });

  it('stop for suppressed roles and come again with REVIVE', () => {
    const { harness, framework } = setUp();
    framework.call({ type: 'SUPPRESS' });
    expect([...framework.record.suppressedRoles]).toEqual(['eng']);
    framework.call({
      type: 'DECLINE',
      decline: { offer_ids: [framework.lastOffer.id], filters: { refuse_seconds: 0 } },
    });
    harness.advance(3_000);
    expect(framework.offers).toHaveLength(1);
    framework.call({ type: 'REVIVE', revive: { roles: ['eng', 'strange'] } });
    expect(framework.offers).toHaveLength(2);
  });

  it('are rescinded after the offer timeout when there is one', () => {
    const harness = new CoreHarness({ settings: { offerTimeoutMs: 5_000 } });
    harness.agent();
    const framework = harness.scheduler();
    harness.advance(5_000);
    expect(framework.rescinded).toEqual(['M-O0']);
    expect(framework.offers).toHaveLength(2);
  });

  it('are rescinded when their agent is away, deactivated, or weights change', () => {
    const { harness, agent, framework } = setUp();
    harness.ask({ type: 'update-weights', weights: [{ role: 'eng', weight: 2 }] });
    expect(framework.rescinded).toEqual(['M-O0']);
    harness.ask({ type: 'deactivate-agent', agentId: agent.id });
    expect(framework.rescinded).toEqual(['M-O0', 'M-O1']);
    harness.advance(5_000);
    expect(framework.offers).toHaveLength(2);
    harness.ask({ type: 'reactivate-agent', agentId: agent.id });
    expect(framework.offers).toHaveLength(3);
    agent.close();
    expect(framework.rescinded).toEqual(['M-O0', 'M-O1', 'M-O2']);
  });
});
