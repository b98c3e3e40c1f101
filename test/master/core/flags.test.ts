import { describe, expect, it } from 'vitest';
import type { DomainInfo } from '../../../src/mesos/generated/mesos.ts';
import { parseResources } from '../../../src/mesos/resources/parse-text.ts';
import { memoryStore } from '../../../src/store/memory-store.ts';
import { CoreHarness, INFO, type TestAgent, task } from './harness.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

const DOMAIN: DomainInfo = { fault_domain: { region: { name: 'r' }, zone: { name: 'z' } } };

const unreachable = ({ state }: CoreHarness): number => state.unreachableAgents.size;
const count = ({ state }: CoreHarness, name: string): number => state.counters.get(`master/${name}`) ?? 0;

describe('the rate at which agents are given up', () => {
  it('is one at a time, and spares those that answer while they wait', () => {
    const harness = new CoreHarness({ settings: { agentRemovalIntervalMs: 10 * MINUTE } });
    const agents = [1, 2, 3].map(() => harness.agent());
    harness.advance(80 * SECOND);
    expect(unreachable(harness)).toBe(1);
    expect(count(harness, 'slave_unreachable_scheduled')).toBe(3);
    agents[2]?.pong();
    const keepAnswering = (agent: TestAgent | undefined, minutes: number): void => {
      for (let half = 0; half < minutes * 2; half++) {
        agent?.pong();
        harness.advance(30 * SECOND);
      }
    };
    keepAnswering(agents[2], 11);
    expect(unreachable(harness)).toBe(2);
    keepAnswering(agents[2], 30);
    expect(unreachable(harness)).toBe(2);
    expect(count(harness, 'slave_unreachable_canceled')).toBe(1);
    expect(count(harness, 'slave_unreachable_completed')).toBe(2);
  });

  it('is unlimited unless told', () => {
    const harness = new CoreHarness();
    for (let index = 0; index < 3; index++) harness.agent();
    harness.advance(80 * SECOND);
    expect(unreachable(harness)).toBe(3);
  });

  it('holds for agents that do not come back after a start of the master, too', () => {
    const store = memoryStore();
    const before = new CoreHarness({ store });
    for (let index = 0; index < 3; index++) before.agent();
    const harness = new CoreHarness({ store, settings: { agentRemovalIntervalMs: 10 * MINUTE } });
    harness.advance(10 * MINUTE + SECOND);
    expect(unreachable(harness)).toBe(1);
    harness.advance(20 * MINUTE);
    expect(unreachable(harness)).toBe(3);
    expect(count(harness, 'recovery_slave_removals')).toBe(3);
  });
});

describe('agents that wait to be given up', () => {
  const RATE = { agentRemovalIntervalMs: 10 * MINUTE };

  it('lose no turn to one that an operator marked gone', () => {
    const store = memoryStore();
    const before = new CoreHarness({ store });
    const [, second, third] = [1, 2, 3].map(() => before.agent());
    const harness = new CoreHarness({ store, settings: RATE });
    harness.advance(10 * MINUTE + SECOND);
    expect(unreachable(harness)).toBe(1);
    harness.ask({ type: 'mark-agent-gone', agentId: second?.id ?? '' });
    harness.advance(10 * MINUTE);
    expect([...harness.state.unreachableAgents.keys()]).toContain(third?.id);
  });

  it('lose no turn to one whose machine is taken down', () => {
    const harness = new CoreHarness({ settings: RATE });
    const machine = { hostname: 'away', ip: '127.0.0.1' };
    harness.agent();
    harness.agentAt(7000, 'cpus:1', {
      agent_info: { hostname: 'away', port: 7000, resources: parseResources('cpus:1') },
      address: { ...machine, port: 7000 },
    });
    const last = harness.agent();
    harness.advance(80 * SECOND);
    expect(unreachable(harness)).toBe(1);
    const schedule = {
      windows: [{ machine_ids: [machine], unavailability: { start: { nanoseconds: 0 } } }],
    };
    expect(harness.ask({ type: 'update-schedule', schedule })).toEqual({ type: 'accepted' });
    expect(harness.ask({ type: 'start-maintenance', machines: [machine] })).toEqual({ type: 'accepted' });
    harness.advance(10 * MINUTE);
    expect([...harness.state.unreachableAgents.keys()]).toContain(last.id);
  });

  it('have their turn at the interval, however many are spared meanwhile', () => {
    const harness = new CoreHarness({ settings: RATE });
    const agents = [1, 2, 3].map(() => harness.agent());
    harness.advance(80 * SECOND);
    for (const agent of agents.slice(1)) agent.pong();
    expect(harness.state.agentsToGiveUp.waiting.size).toBe(0);
    harness.advance(90 * SECOND);
    // Both are silent again, and the first one's turn was less than ten minutes ago.
    expect(harness.state.agentsToGiveUp.waiting.size).toBe(2);
    harness.advance(7 * MINUTE);
    expect(unreachable(harness)).toBe(1);
    harness.advance(2 * MINUTE);
    expect(unreachable(harness)).toBe(2);
  });
});

describe('a master to which too few agents come back', () => {
  const restarted = (recoveryAgentRemovalLimit: number): CoreHarness => {
    const store = memoryStore();
    const before = new CoreHarness({ store });
    const agents = [1, 2, 3, 4].map(() => before.agent());
    const settings = { recoveryAgentRemovalLimit, maxAgentPingTimeouts: 1_000 };
    const harness = new CoreHarness({ store, settings });
    agents[0]?.back({}, harness);
    harness.advance(10 * MINUTE + SECOND);
    return harness;
  };

  it('ends rather than give up more than its limit', () => {
    const harness = restarted(0.5);
    const [end] = harness.effects.filter((effect) => effect.type === 'end');
    expect(end).toMatchObject({
      message: expect.stringMatching(
        /^Post-recovery agent removal limit exceeded! After 10mins there were 3 \(75%\) agents/,
      ),
    });
    expect(harness.state.unreachableAgents.size).toBe(0);
  });

  it('gives up those that are missing within its limit', () => {
    expect(unreachable(restarted(0.75))).toBe(3);
  });
});

describe('the registry', () => {
  it('forgets lost agents after a time, and the oldest of too many', () => {
    const settings = { registryMaxAgentAgeMs: DAY, registryMaxAgentCount: 2, registryGcIntervalMs: MINUTE };
    const harness = new CoreHarness({ settings });
    for (let index = 0; index < 3; index++) harness.agent();
    harness.advance(3 * MINUTE);
    expect(unreachable(harness)).toBe(2);
    harness.advance(DAY);
    expect(unreachable(harness)).toBe(0);
    expect(harness.restarted().state.unreachableAgents.size).toBe(0);
  });

  it('forgets agents that are gone in the same way, and lets their ids in again', () => {
    const settings = { registryMaxAgentAgeMs: DAY, registryMaxAgentCount: 1, registryGcIntervalMs: MINUTE };
    const harness = new CoreHarness({ settings });
    const agents = [1, 2].map(() => harness.agent());
    for (const agent of agents) {
      harness.ask({ type: 'mark-agent-gone', agentId: agent.id });
      harness.advance(SECOND);
    }
    harness.advance(2 * MINUTE);
    expect([...harness.state.goneAgents.keys()]).toEqual([agents[1]?.id]);
    expect(agents[1]?.back().of('SHUTDOWN')).toHaveLength(1);
    harness.advance(DAY);
    expect(harness.state.goneAgents.size).toBe(0);
  });

  it('is asked about unreachable agents that it knows, and not about those it has forgotten', () => {
    const settings = { registryMaxAgentAgeMs: DAY, registryGcIntervalMs: MINUTE };
    const harness = new CoreHarness({ settings });
    const agent = harness.agent();
    const framework = harness.scheduler();
    harness.advance(2 * MINUTE);
    const ask = (): string | undefined => {
      const tasks = [{ task_id: { value: 'one' }, agent_id: { value: agent.id } }];
      framework.call({ type: 'RECONCILE', reconcile: { tasks } });
      return framework.lastStatus?.state;
    };
    expect(ask()).toBe('TASK_UNREACHABLE');
    harness.advance(DAY + MINUTE);
    expect(ask()).toBe('TASK_UNKNOWN');
  });
});

describe('history', () => {
  it('is bounded as told', () => {
    const settings = {
      maxCompletedTasksPerFramework: 1,
      maxCompletedFrameworks: 1,
      maxUnreachableTasksPerFramework: 1,
    };
    const harness = new CoreHarness({ settings });
    const agent = harness.agent();
    const framework = harness.scheduler();
    const ids = ['one', 'two', 'three', 'four'];
    framework.launch(framework.lastOffer, ...ids.map((id) => task(id, agent.id)));
    for (const id of ids.slice(0, 2)) {
      agent.update(framework, id, 'TASK_FINISHED');
      const uuid = framework.lastStatus?.uuid;
      framework.call({
        type: 'ACKNOWLEDGE',
        acknowledge: { agent_id: { value: agent.id }, task_id: { value: id }, uuid },
      });
    }
    expect(framework.record.completedTasks.map(({ name }) => name)).toEqual(['two']);
    harness.advance(2 * MINUTE);
    expect([...framework.record.unreachableTasks.keys()]).toEqual(['four']);
    framework.call({ type: 'TEARDOWN' });
    const other = harness.scheduler();
    const { id } = other;
    other.call({ type: 'TEARDOWN' });
    expect([...harness.state.completedFrameworks.keys()]).toEqual([id]);
    expect([...harness.state.frameworkCounters.keys()]).toEqual([id]);
  });
});

describe('who is let in', () => {
  it('are frameworks of the roles that are listed, and of everybody', () => {
    const harness = new CoreHarness({ settings: { roles: new Set(['ops']) } });
    expect(harness.scheduler().error).toBe("Roles { eng } are not present in the master's --roles");
    expect(harness.scheduler({ ...INFO, roles: ['ops', '*'] }).error).toBeUndefined();
    const configs = [{ role: 'eng', guarantees: { cpus: { value: 1 } }, limits: {} }];
    expect(harness.ask({ type: 'update-quotas', configs, isForced: true })).toEqual({
      type: 'refused',
      status: 400,
      message: "Invalid QuotaConfig: 'eng' is not on the roles whitelist",
    });
  });

  it('is no framework that wants to run as root, when that is not allowed', () => {
    const harness = new CoreHarness({ settings: { areRootSubmissionsAllowed: false } });
    expect(harness.scheduler({ ...INFO, user: 'root' }).error).toBe(
      "User 'root' is not allowed to run frameworks without --root_submissions set",
    );
    expect(harness.scheduler().error).toBeUndefined();
  });

  it('are agents with a domain by a master that has one, or none without', () => {
    const info = { hostname: 'host', port: 1, resources: parseResources('cpus:1'), domain: DOMAIN };
    const without = new CoreHarness();
    const stranger = without.agent('cpus:1', { agent_info: info });
    expect([stranger.events, without.isClosed(stranger.streamId)]).toEqual([[], true]);
    const required = new CoreHarness({ settings: { domain: DOMAIN, isAgentDomainRequired: true } });
    expect(required.agent('cpus:1', { agent_info: info }).id).not.toBe('');
    expect(required.agent().id).toBe('');
  });

  it('is no agent with reservations for a role that cannot be', () => {
    const harness = new CoreHarness();
    const role = Array.from({ length: 50_000 }, () => 'a').join('/');
    const agent = harness.agent(`cpus(${role}):1`);
    expect(agent.of('SHUTDOWN')).toMatchObject([
      { shutdown: { message: expect.stringMatching(/^Resource 'cpus' is reserved for an invalid role: /) } },
    ]);
    expect(harness.scheduler({ ...INFO, roles: [role] }).error).toMatch(/is longer than 600 bytes$/);
    expect(harness.core.allocator.roles()).toEqual([]);
  });
});

describe('initial weights', () => {
  it('are for a registry that has none', () => {
    const store = memoryStore();
    const first = new CoreHarness({ store, settings: { initialWeights: new Map([['eng', 2]]) } });
    expect(first.core.allocator.role('eng')?.weight).toBe(2);
    const next = new CoreHarness({ store, settings: { initialWeights: new Map([['eng', 5]]) } });
    expect(next.core.allocator.role('eng')?.weight).toBe(2);
  });
});

describe('a whitelist', () => {
  it('keeps other agents from being offered', () => {
    const harness = new CoreHarness();
    harness.feed({ type: 'whitelist', hostnames: new Set(['elsewhere']) });
    harness.agent();
    const framework = harness.scheduler();
    harness.advance(5 * SECOND);
    expect(framework.offers).toEqual([]);
    harness.feed({ type: 'whitelist', hostnames: undefined });
    harness.advance(2 * SECOND);
    expect(framework.offers).toHaveLength(1);
  });
});
