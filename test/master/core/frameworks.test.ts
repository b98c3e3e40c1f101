import { describe, expect, it } from 'vitest';
import { CoreHarness, INFO, reportedTask, task } from './harness.ts';

const setUp = () => {
  const harness = new CoreHarness();
  const agent = harness.agent();
  const framework = harness.scheduler();
  framework.launch(framework.lastOffer, task('one', agent.id));
  return { harness, agent, framework };
};

describe('a framework that disconnects', () => {
  it('keeps its tasks and loses its offers for as long as its failover timeout', () => {
    const { harness, agent, framework } = setUp();
    harness.advance(6_000);
    framework.close();
    expect(harness.state.offers.size).toBe(0);
    expect(framework.record.connection).toBe('disconnected');
    harness.advance(59_000);
    const back = harness.scheduler({ ...INFO, id: { value: framework.id } });
    expect(back.events[0]).toMatchObject({ subscribed: { framework_id: { value: framework.id } } });
    agent.pong();
    harness.advance(60_000);
    expect(back.record.connection).toBe('connected');
    expect([...back.record.tasks.keys()]).toEqual(['one']);
    expect(back.lastOffer.resources?.[0]?.scalar?.value).toBe(3.5);
    expect(agent.of('SHUTDOWN_FRAMEWORK')).toEqual([]);
  });

  it('is removed with its tasks when it does not come back in time', () => {
    const { harness, agent, framework } = setUp();
    framework.close();
    harness.advance(60_000);
    expect(harness.state.frameworks.size).toBe(0);
    const completed = harness.state.completedFrameworks.get(framework.id);
    expect(completed?.completedTasks).toMatchObject([{ state: 'TASK_KILLED' }]);
    expect(agent.of('SHUTDOWN_FRAMEWORK')).toHaveLength(1);
    const other = harness.scheduler({ ...INFO, roles: ['ads'] });
    expect(other.lastOffer.resources?.[0]?.scalar?.value).toBe(4);
    expect(harness.scheduler({ ...INFO, id: { value: framework.id } }).error).toBe(
      'Framework has been removed',
    );
  });

  it('is removed at once without a failover timeout', () => {
    const harness = new CoreHarness();
    const framework = harness.scheduler({ ...INFO, failover_timeout: 0 });
    framework.close();
    expect(harness.state.frameworks.size).toBe(0);
    expect(framework.error).toBeUndefined();
  });

  it('may have a timeout longer than any timer', () => {
    const harness = new CoreHarness();
    const framework = harness.scheduler({ ...INFO, failover_timeout: 60 * 24 * 3600 });
    framework.close();
    harness.feed({ type: 'timer', timer: `failover:${framework.id}` });
    expect(harness.state.frameworks.has(framework.id)).toBe(true);
  });
});

describe('a second scheduler of a framework', () => {
  it('takes its place: the first one hears so, its offers are gone without a word', () => {
    const { harness, framework } = setUp();
    harness.advance(6_000);
    const offersBefore = framework.offers.length;
    const second = harness.scheduler({ ...INFO, id: { value: framework.id }, user: 'other', webui_url: 'u' });
    expect(framework.error).toBe('Framework failed over');
    expect(harness.isClosed(framework.streamId)).toBe(true);
    expect(framework.rescinded).toEqual([]);
    framework.close();
    expect(second.record.connection).toBe('connected');
    expect(second.record.info).toMatchObject({ user: 'dev', webui_url: 'u' });
    expect(second.offers.length).toBeGreaterThan(0);
    expect(framework.offers).toHaveLength(offersBefore);
  });

  it('is refused when it has another principal', () => {
    const { harness, framework } = setUp();
    const second = harness.scheduler({ ...INFO, id: { value: framework.id }, principal: 'x' });
    expect(second.error).toBe("Changing framework's principal is not allowed.");
    expect(harness.isClosed(second.streamId)).toBe(true);
    expect(framework.record.streamId).toBe(framework.streamId);
  });
});

describe('TEARDOWN', () => {
  it('outlives the master: agents that come back end the tasks, the id stays refused', () => {
    const { harness, agent, framework } = setUp();
    const { id } = framework;
    framework.call({ type: 'TEARDOWN' });
    const next = harness.restarted();
    const back = agent.back(
      {
        tasks: [reportedTask('one', id, agent.id)],
        frameworks: [{ ...INFO, id: { value: id } }],
      },
      next,
    );
    expect(back.events.map(({ type }) => type).slice(0, 2)).toEqual(['SUBSCRIBED', 'SHUTDOWN_FRAMEWORK']);
    expect(next.state.frameworks.size).toBe(0);
    expect(next.scheduler({ ...INFO, id: { value: id } }).error).toBe('Framework has been removed');
  });

  it('keeps the history bounded, on disk as well', () => {
    const harness = new CoreHarness();
    for (let index = 0; index < 55; index++) harness.scheduler().call({ type: 'TEARDOWN' });
    expect(harness.state.completedFrameworks.size).toBe(50);
    expect(harness.state.completedFrameworks.has('M-0004')).toBe(false);
    expect(harness.restarted().state.completedFrameworks.size).toBe(50);
  });

  it('can be ordered by an operator, for frameworks that are there', () => {
    const { harness, framework } = setUp();
    expect(harness.ask({ type: 'teardown', frameworkId: 'x' })).toEqual({
      type: 'refused',
      status: 400,
      message: 'No framework found with specified ID',
    });
    expect(harness.ask({ type: 'teardown', frameworkId: framework.id })).toEqual({ type: 'accepted' });
    expect(harness.isClosed(framework.streamId)).toBe(true);
  });
});

describe('UPDATE_FRAMEWORK', () => {
  it('rescinds offers for roles that are left, and keeps those for suppressed ones', () => {
    const harness = new CoreHarness();
    harness.agent();
    const framework = harness.scheduler({ ...INFO, roles: ['eng', 'ads'] });
    const { role } = framework.lastOffer.allocation_info ?? {};
    const id = { value: framework.id };
    const update = (roles: string[], suppressed_roles: string[]): void =>
      harness.feed({
        type: 'update-framework',
        requestId: 'r',
        frameworkId: framework.id,
        update: { framework_info: { ...INFO, id, roles }, suppressed_roles },
      });
    update(['eng', 'ads'], ['eng', 'ads']);
    expect(framework.rescinded).toEqual([]);
    update([role === 'eng' ? 'ads' : 'eng'], []);
    expect(framework.rescinded).toHaveLength(1);
    expect(framework.offers).toHaveLength(2);
    expect(framework.lastOffer.allocation_info?.role).not.toBe(role);
  });
});
