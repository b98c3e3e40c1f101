import { describe, expect, it } from 'vitest';
import { CoreHarness, INFO, OLD_INFO, reportedTask, task, uuidOf } from './harness.ts';

const setUp = () => {
  const harness = new CoreHarness();
  const agent = harness.agent();
  const framework = harness.scheduler();
  framework.launch(framework.lastOffer, task('one', agent.id));
  return { harness, agent, framework };
};

const acknowledge = (agentId: string, taskId: string, state: string): object => ({
  type: 'ACKNOWLEDGE',
  acknowledge: {
    agent_id: { value: agentId },
    task_id: { value: taskId },
    uuid: uuidOf(taskId, state),
  },
});

describe('status updates', () => {
  it('go to the scheduler as they are, and its acknowledgements to the agent', () => {
    const { agent, framework } = setUp();
    agent.update(framework, 'one', 'TASK_RUNNING', { data: 'c2VjcmV0', healthy: true });
    expect(framework.lastStatus).toMatchObject({
      state: 'TASK_RUNNING',
      uuid: uuidOf('one', 'TASK_RUNNING'),
      data: 'c2VjcmV0',
    });
    expect(framework.record.tasks.get('one')).toMatchObject({
      state: 'TASK_RUNNING',
      status_update_state: 'TASK_RUNNING',
      statuses: [{ state: 'TASK_RUNNING', healthy: true }],
    });
    expect(framework.record.tasks.get('one')?.statuses?.[0]?.data).toBeUndefined();
    framework.call(acknowledge(agent.id, 'one', 'TASK_RUNNING'));
    expect(agent.of('ACKNOWLEDGE')).toEqual([
      {
        type: 'ACKNOWLEDGE',
        acknowledge: {
          framework_id: { value: framework.id },
          task_id: { value: 'one' },
          uuid: uuidOf('one', 'TASK_RUNNING'),
        },
      },
    ]);
  });

  it('keep one status for each state in a row', () => {
    const { agent, framework } = setUp();
    for (const state of ['TASK_STARTING', 'TASK_RUNNING', 'TASK_RUNNING', 'TASK_FINISHED'] as const) {
      agent.update(framework, 'one', state);
    }
    expect(framework.record.tasks.get('one')?.statuses?.map(({ state }) => state)).toEqual([
      'TASK_STARTING',
      'TASK_RUNNING',
      'TASK_FINISHED',
    ]);
  });

  it('free the resources when the task is over, and make it history when that is acknowledged', () => {
    const { harness, agent, framework } = setUp();
    harness.advance(6_000);
    framework.declineAll();
    agent.update(framework, 'one', 'TASK_RUNNING', { latest: 'TASK_FINISHED' });
    expect(framework.record.tasks.get('one')).toMatchObject({
      state: 'TASK_FINISHED',
      status_update_state: 'TASK_RUNNING',
    });
    expect(framework.lastOffer.resources?.[0]?.scalar?.value).toBe(4);
    framework.call(acknowledge(agent.id, 'one', 'TASK_RUNNING'));
    expect(framework.record.tasks.has('one')).toBe(true);
    agent.update(framework, 'one', 'TASK_FINISHED');
    framework.call(acknowledge(agent.id, 'one', 'TASK_FINISHED'));
    expect(framework.record.tasks.has('one')).toBe(false);
    expect(framework.record.completedTasks.map(({ task_id }) => task_id.value)).toEqual(['one']);
    expect(harness.state.counters.get('master/tasks_finished')).toBe(1);
    framework.launch(framework.lastOffer, task('one', agent.id));
    expect(framework.record.tasks.get('one')?.state).toBe('TASK_STAGING');
  });

  it('are not acknowledged by a scheduler that did not get them from this master', () => {
    const { harness, agent, framework } = setUp();
    framework.close();
    agent.update(framework, 'one', 'TASK_RUNNING');
    const back = harness.scheduler({ ...INFO, id: { value: framework.id } });
    expect(back.statuses).toEqual([]);
    back.call(acknowledge(agent.id, 'one', 'TASK_RUNNING'));
    expect(agent.of('ACKNOWLEDGE')).toEqual([]);
    expect(agent.of('UPDATE_FRAMEWORK')).toHaveLength(1);
    agent.update(back, 'one', 'TASK_RUNNING');
    back.call(acknowledge(agent.id, 'one', 'TASK_RUNNING'));
    expect(agent.of('ACKNOWLEDGE')).toHaveLength(1);
  });
});

describe('reconciliation', () => {
  it('tells all tasks when none is named, and the latest state that was told', () => {
    const { agent, framework } = setUp();
    agent.update(framework, 'one', 'TASK_RUNNING', { latest: 'TASK_FINISHED', healthy: false });
    framework.call({ type: 'RECONCILE', reconcile: {} });
    expect(framework.lastStatus).toEqual({
      task_id: { value: 'one' },
      state: 'TASK_RUNNING',
      message: 'Reconciliation: Latest task state',
      source: 'SOURCE_MASTER',
      reason: 'REASON_RECONCILIATION',
      agent_id: { value: agent.id },
      timestamp: expect.any(Number),
      healthy: false,
    });
  });

  it('tells about unknown tasks what can be known, and nothing while an agent may know better', () => {
    const { harness, agent, framework } = setUp();
    const ask = (who: typeof framework, taskId: string, agentId?: string): [string, string] | undefined => {
      const before = who.statuses.length;
      const agent_id = agentId === undefined ? {} : { agent_id: { value: agentId } };
      who.call({
        type: 'RECONCILE',
        reconcile: { tasks: [{ task_id: { value: taskId }, ...agent_id }] },
      });
      const { state, message = '' } = who.statuses[before] ?? {};
      return state === undefined ? undefined : [state, message];
    };
    expect(ask(framework, 'x')).toEqual(['TASK_UNKNOWN', 'Reconciliation: Task is unknown']);
    expect(ask(framework, 'x', 'S9')).toEqual(['TASK_UNKNOWN', 'Reconciliation: Task is unknown']);
    expect(ask(framework, 'x', agent.id)).toEqual([
      'TASK_GONE',
      'Reconciliation: Task is unknown to the agent',
    ]);
    const old = harness.scheduler(OLD_INFO);
    expect(ask(old, 'x', agent.id)).toEqual(['TASK_LOST', 'Reconciliation: Task is unknown to the agent']);

    const next = harness.restarted();
    const back = next.scheduler({ ...INFO, id: { value: framework.id } });
    expect(ask(back, 'one', agent.id)).toBeUndefined();
    expect(ask(back, 'one')).toBeUndefined();
    expect(ask(back, 'one', 'S9')).toEqual(['TASK_UNKNOWN', 'Reconciliation: Task is unknown']);
    next.advance(600_000);
    expect(ask(back, 'one', agent.id)).toEqual(['TASK_UNREACHABLE', 'Reconciliation: Task is unreachable']);
    next.ask({ type: 'mark-agent-gone', agentId: agent.id });
    expect(ask(back, 'one', agent.id)).toEqual(['TASK_GONE_BY_OPERATOR', 'Reconciliation: Task is gone']);
  });
});

describe('KILL', () => {
  it('goes to the agent, or waits until it is back', () => {
    const { agent, framework } = setUp();
    const kill_policy = { grace_period: { nanoseconds: 5 } };
    framework.call({ type: 'KILL', kill: { task_id: { value: 'one' }, kill_policy } });
    const kill = {
      type: 'KILL',
      kill: { framework_id: { value: framework.id }, task_id: { value: 'one' }, kill_policy },
    };
    expect(agent.of('KILL')).toEqual([kill]);
    agent.close();
    framework.call({ type: 'KILL', kill: { task_id: { value: 'one' }, kill_policy } });
    const back = agent.back({ tasks: [reportedTask('one', framework.id, agent.id)] });
    expect(back.of('KILL')).toEqual([kill]);
    expect(back.events[0]?.type).toBe('SUBSCRIBED');
  });

  it('is answered like a question when the task is unknown, and ignored for another agent', () => {
    const { agent, framework } = setUp();
    framework.call({ type: 'KILL', kill: { task_id: { value: 'x' } } });
    expect(framework.lastStatus).toMatchObject({ state: 'TASK_UNKNOWN', reason: 'REASON_RECONCILIATION' });
    framework.call({ type: 'KILL', kill: { task_id: { value: 'one' }, agent_id: { value: 'S9' } } });
    expect(agent.of('KILL')).toEqual([]);
  });
});

describe('messages', () => {
  it('pass between scheduler and executor', () => {
    const { harness, agent, framework } = setUp();
    const executor_id = { value: 'e' };
    framework.call({
      type: 'MESSAGE',
      message: { agent_id: { value: agent.id }, executor_id, data: 'aGk=' },
    });
    expect(agent.of('MESSAGE')[0]?.message).toEqual({
      framework_id: { value: framework.id },
      executor_id,
      data: 'aGk=',
    });
    harness.feed({
      type: 'agent-call',
      agentId: agent.id,
      call: {
        type: 'EXECUTOR_MESSAGE',
        agent_id: { value: agent.id },
        executor_message: { framework_id: { value: framework.id }, executor_id, data: 'eW8=' },
      },
    });
    expect(framework.events.at(-1)).toEqual({
      type: 'MESSAGE',
      message: { agent_id: { value: agent.id }, executor_id, data: 'eW8=' },
    });
    framework.call({ type: 'SHUTDOWN', shutdown: { agent_id: { value: agent.id }, executor_id } });
    expect(agent.of('SHUTDOWN_EXECUTOR')).toHaveLength(1);
    framework.call({ type: 'MESSAGE', message: { agent_id: { value: 'x' }, executor_id, data: '' } });
    expect(harness.state.counters.get('master/invalid_framework_to_executor_messages')).toBe(1);
  });
});
