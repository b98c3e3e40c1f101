import { describe, expect, it } from 'vitest';
import { CoreHarness, cpus, INFO, OLD_INFO, reportedTask, task } from './harness.ts';

const setUp = () => {
  const harness = new CoreHarness();
  const agent = harness.agent();
  const framework = harness.scheduler();
  framework.launch(framework.lastOffer, task('one', agent.id));
  agent.update(framework, 'one', 'TASK_RUNNING');
  return { harness, agent, framework };
};

describe('an agent that does not answer', () => {
  it('is given up after five pings, and its tasks are unreachable', () => {
    const { harness, agent, framework } = setUp();
    harness.advance(60_000);
    agent.pong();
    // The first ping without an answer is 15 s away, and it has 75 s.
    harness.advance(89_000);
    expect(harness.state.agents.has(agent.id)).toBe(true);
    harness.advance(1_000);
    expect(harness.state.agents.has(agent.id)).toBe(false);
    expect(framework.lastStatus).toMatchObject({
      state: 'TASK_UNREACHABLE',
      message: 'health check timed out',
      source: 'SOURCE_MASTER',
      reason: 'REASON_AGENT_REMOVED',
      unreachable_time: { nanoseconds: expect.any(Number) },
    });
    expect(framework.events).toContainEqual({ type: 'FAILURE', failure: { agent_id: { value: agent.id } } });
    expect([...framework.record.unreachableTasks.keys()]).toEqual(['one']);
    expect(harness.isClosed(agent.streamId)).toBe(true);
    expect(harness.restarted().state.unreachableAgents.has(agent.id)).toBe(true);
  });

  it('comes back with its tasks', () => {
    const { harness, agent, framework } = setUp();
    agent.close();
    harness.advance(100_000);
    expect(framework.record.tasks.size).toBe(0);
    const back = agent.back({
      tasks: [reportedTask('one', framework.id, agent.id)],
      frameworks: [{ ...INFO, id: { value: framework.id } }],
    });
    expect(back.id).toBe(agent.id);
    expect(framework.lastStatus).toMatchObject({
      state: 'TASK_RUNNING',
      message: 'Unreachable agent re-reregistered',
      reason: 'REASON_AGENT_REREGISTERED',
      healthy: true,
    });
    expect(framework.lastStatus?.uuid).toBeUndefined();
    expect(framework.record.unreachableTasks.size).toBe(0);
    expect(framework.lastOffer.resources?.[0]?.scalar?.value).toBe(3.5);
    expect(harness.restarted().state.unreachableAgents.size).toBe(0);
  });

  it.each(['has forgotten', 'knows'])(
    'comes back with its tasks, once each, when the registry %s it',
    (how) => {
      const { harness, agent, framework } = setUp();
      agent.close();
      harness.advance(100_000);
      if (how === 'has forgotten') harness.advance(15 * 24 * 3_600_000);
      expect(harness.state.unreachableAgents.size).toBe(how === 'knows' ? 1 : 0);
      agent.back({
        tasks: [reportedTask('one', framework.id, agent.id)],
        frameworks: [{ ...INFO, id: { value: framework.id } }],
      });
      expect(framework.lastStatus).toMatchObject({
        state: 'TASK_RUNNING',
        reason: 'REASON_AGENT_REREGISTERED',
      });
      expect(framework.record.unreachableTasks.size).toBe(0);
      expect([...framework.record.tasks.keys()]).toEqual(['one']);
    },
  );

  it('loses tasks of frameworks that know no partitions, and at once those that keep no checkpoint', () => {
    const harness = new CoreHarness();
    const agent = harness.agent();
    const old = harness.scheduler(OLD_INFO);
    const resources = [{ name: 'cpus', type: 'SCALAR' as const, scalar: { value: 1 } }];
    old.launch(old.lastOffer, task('old', agent.id, { resources }));
    const volatile = harness.scheduler({ ...INFO, checkpoint: false, roles: ['ads'] });
    old.declineAll();
    const role = { allocation_info: { role: 'ads' } };
    volatile.launch(volatile.lastOffer, task('gone', agent.id, { resources: [cpus(1, role)] }));
    expect(volatile.record.tasks.size).toBe(1);
    agent.close();
    expect(volatile.lastStatus).toMatchObject({
      state: 'TASK_LOST',
      reason: 'REASON_AGENT_DISCONNECTED',
      message: 'Agent host disconnected',
    });
    expect(old.statuses).toEqual([]);
    harness.advance(100_000);
    expect(old.lastStatus).toMatchObject({ state: 'TASK_LOST', reason: 'REASON_AGENT_REMOVED' });
  });
});

describe('an agent that registers', () => {
  it('gets an id that outlives the master, its resources are known again with its tasks', () => {
    const { harness, agent, framework } = setUp();
    const next = harness.restarted();
    expect([...next.state.recoveredAgents.keys()]).toEqual([agent.id]);
    const back = agent.back(
      {
        tasks: [reportedTask('one', framework.id, agent.id)],
        frameworks: [{ ...INFO, id: { value: framework.id } }],
      },
      next,
    );
    expect(back.id).toBe(agent.id);
    expect(next.state.recoveredAgents.size).toBe(0);
    const [recovered] = next.state.frameworks.values();
    expect(recovered).toMatchObject({ connection: 'recovered', streamId: undefined });
    const scheduler = next.scheduler({ ...INFO, id: { value: framework.id } });
    expect(scheduler.record.connection).toBe('connected');
    expect(scheduler.lastOffer.resources?.[0]?.scalar?.value).toBe(3.5);
    next.advance(700_000);
    expect(next.state.unreachableAgents.size).toBe(1);
  });

  it('hears which tasks it should know, and loses nothing that it says of itself', () => {
    const { harness, agent, framework } = setUp();
    framework.declineAll();
    harness.advance(6_000);
    framework.launch(framework.lastOffer, task('two', agent.id));
    agent.close();
    const back = agent.back({
      tasks: [
        reportedTask('one', framework.id, agent.id, 'TASK_FINISHED'),
        reportedTask('new', framework.id, agent.id),
      ],
      frameworks: [{ ...INFO, id: { value: framework.id } }],
    });
    expect(back.of('SUBSCRIBED')[0]?.subscribed.unknown_tasks).toEqual([
      { framework_id: { value: framework.id }, task_id: { value: 'two' } },
    ]);
    expect(framework.record.tasks.get('one')?.state).toBe('TASK_FINISHED');
    expect(framework.record.tasks.get('new')?.state).toBe('TASK_RUNNING');
    expect(framework.lastOffer.resources?.[0]?.scalar?.value).toBe(3);
  });

  it('keeps its id when it did not hear the first answer, and gets another one in the place of one that is away', () => {
    const harness = new CoreHarness();
    const first = harness.agentAt(7000, 'cpus:1');
    const again = harness.agentAt(7000, 'cpus:1');
    expect(again.id).toBe(first.id);
    expect(harness.isClosed(first.streamId)).toBe(true);
    again.close();
    const other = harness.agentAt(7000, 'cpus:1');
    expect(other.id).not.toBe(first.id);
    expect([...harness.state.agents.keys()]).toEqual([other.id]);
  });

  it('is sent away when it moved, was marked gone, or has less than what is reserved on it', () => {
    const { harness, agent, framework } = setUp();
    const moved = agent.back({ address: { hostname: 'h', ip: '10.0.0.1', port: 1 } });
    expect(moved.of('SHUTDOWN')[0]?.shutdown.message).toBe(
      'Agent attempted to reregister with different IP / hostname',
    );
    const reservations = [{ type: 'DYNAMIC' as const, role: 'eng' }];
    const { allocation_info: _allocation, ...reserved } = cpus(100, { reservations });
    const poor = agent.back({ checkpointed_resources: [reserved] });
    expect(poor.of('SHUTDOWN')[0]?.shutdown.message).toMatch(/do not contain what was reserved/);
    const posing = agent.back({
      agent_info: { hostname: 'h', resources: [], id: { value: 'x'.repeat(2_000) } },
    });
    expect(posing.of('SHUTDOWN')[0]?.shutdown.message).toBe(
      'Agent has an invalid ID: ID must not be greater than 255 characters',
    );
    harness.ask({ type: 'mark-agent-gone', agentId: agent.id });
    expect(agent.of('SHUTDOWN')[0]?.shutdown.message).toBe('Agent has been marked gone');
    expect(framework.lastStatus).toMatchObject({
      state: 'TASK_GONE_BY_OPERATOR',
      reason: 'REASON_AGENT_REMOVED_BY_OPERATOR',
      message: 'Agent has been marked gone',
    });
    const next = harness.restarted();
    const gone = agent.back({}, next);
    expect(gone.of('SHUTDOWN')[0]?.shutdown.message).toBe('Agent has been marked gone');
    expect(next.ask({ type: 'mark-agent-gone', agentId: agent.id })).toEqual({ type: 'accepted' });
    expect(next.ask({ type: 'mark-agent-gone', agentId: 'x' })).toMatchObject({ status: 404 });
  });

  it("stays deactivated over restarts, its own and the master's", () => {
    const { harness, agent } = setUp();
    harness.ask({ type: 'deactivate-agent', agentId: agent.id });
    const next = harness.restarted();
    agent.back({}, next);
    const framework = next.scheduler({ ...INFO, roles: ['ads'] });
    expect(framework.offers).toEqual([]);
    expect(next.ask({ type: 'reactivate-agent', agentId: agent.id })).toEqual({ type: 'accepted' });
    expect(framework.offers).toHaveLength(1);
    expect(next.ask({ type: 'reactivate-agent', agentId: agent.id })).toMatchObject({
      message: 'Agent is not deactivated',
    });
  });
});

describe('an agent that unregisters', () => {
  it('is forgotten, and its tasks are lost', () => {
    const { harness, agent, framework } = setUp();
    harness.feed({
      type: 'agent-call',
      agentId: agent.id,
      call: { type: 'UNREGISTER', agent_id: { value: agent.id } },
    });
    expect(framework.lastStatus).toMatchObject({
      state: 'TASK_LOST',
      reason: 'REASON_AGENT_REMOVED',
      message: 'Agent host removed: the agent unregistered',
    });
    expect(harness.restarted().state.recoveredAgents.size).toBe(0);
  });
});

describe('the registry', () => {
  it('forgets agents that have been unreachable for two weeks', () => {
    const { harness, agent } = setUp();
    agent.close();
    harness.advance(100_000);
    const nowMs = harness.clock.now() + 14 * 24 * 3_600_000 + 1;
    harness.core.handle({ type: 'timer', timer: 'registry-collection' }, nowMs);
    expect(harness.state.unreachableAgents.size).toBe(0);
  });
});
