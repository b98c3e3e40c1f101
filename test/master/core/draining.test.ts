import { describe, expect, it } from 'vitest';
import type { OperatorCommand } from '../../../src/master/core/input.ts';
import {
  CoreHarness,
  disk,
  INFO,
  OLD_INFO,
  reportedTask,
  type TestAgent,
  type TestFramework,
  task,
  uuidOf,
} from './harness.ts';

const ACCEPTED = { type: 'accepted' };
const refused = (message: string) => ({ type: 'refused', status: 400, message });
const GRACE = { nanoseconds: 10e9 };

const order = (agentId: string, more: object = {}): OperatorCommand => ({
  type: 'drain-agent',
  agentId,
  isMarkedGone: false,
  ...more,
});

/** A cluster of one agent on which a task of a framework runs. */
const running = (options: ConstructorParameters<typeof CoreHarness>[0] = {}) => {
  const harness = new CoreHarness(options);
  const agent = harness.agent();
  const framework = harness.scheduler();
  framework.launch(framework.lastOffer, task('one', agent.id));
  agent.update(framework, 'one', 'TASK_RUNNING');
  acknowledge(framework, agent, 'one', 'TASK_RUNNING');
  return { harness, agent, framework };
};

const acknowledge = (framework: TestFramework, agent: TestAgent, id: string, state: string): void =>
  framework.call({
    type: 'ACKNOWLEDGE',
    acknowledge: { agent_id: { value: agent.id }, task_id: { value: id }, uuid: uuidOf(id, state) },
  });

const endTask = (framework: TestFramework, agent: TestAgent): void => {
  agent.update(framework, 'one', 'TASK_KILLED', { reason: 'REASON_AGENT_DRAINING' });
  acknowledge(framework, agent, 'one', 'TASK_KILLED');
};

const drainOf = (harness: CoreHarness, { id }: { id: string }) => harness.state.agents.get(id)?.drain;

describe('an agent that is to be drained', () => {
  it('is told so, offers nothing more, and is drained when its last task is over and acknowledged', () => {
    const { harness, agent, framework } = running();
    harness.advance(6_000);
    const offers = framework.offers.length;
    expect(harness.state.offers.size).toBe(1);
    expect(harness.ask(order(agent.id, { maxGracePeriod: GRACE }))).toEqual(ACCEPTED);
    const config = { max_grace_period: GRACE, mark_gone: false };
    expect(agent.of('DRAIN')).toEqual([{ type: 'DRAIN', drain: { config } }]);
    expect(framework.rescinded).toHaveLength(1);
    expect(drainOf(harness, agent)).toEqual({ state: 'DRAINING', config });
    agent.update(framework, 'one', 'TASK_KILLED');
    harness.advance(60_000);
    expect(drainOf(harness, agent)?.state).toBe('DRAINING');
    acknowledge(framework, agent, 'one', 'TASK_KILLED');
    expect(drainOf(harness, agent)).toEqual({ state: 'DRAINED', config });
    expect(harness.state.agents.get(agent.id)?.isDeactivated).toBe(true);
    agent.pong();
    harness.advance(10_000);
    expect(framework.offers).toHaveLength(offers);
  });

  it('is drained at once when nothing runs there', () => {
    const harness = new CoreHarness();
    const agent = harness.agent();
    expect(harness.ask(order(agent.id))).toEqual(ACCEPTED);
    expect(drainOf(harness, agent)?.state).toBe('DRAINED');
  });

  it('waits for operations whose outcome is not acknowledged', () => {
    const harness = new CoreHarness();
    const agent = harness.agent();
    const framework = harness.scheduler();
    const reservations = [{ type: 'DYNAMIC', role: 'eng' }];
    const reserve = { resources: [disk(10, { reservations: reservations as never })] };
    framework.accept([framework.lastOffer.id.value], [{ type: 'RESERVE', id: { value: 'op' }, reserve }]);
    harness.ask(order(agent.id));
    expect(drainOf(harness, agent)?.state).toBe('DRAINING');
    const [uuid = ''] = harness.state.agents.get(agent.id)?.operations.keys() ?? [];
    const agent_id = { value: agent.id };
    const operation_id = { value: 'op' };
    const value = uuidOf('op', 'DONE');
    harness.feed({
      type: 'agent-call',
      agentId: agent.id,
      call: {
        type: 'OPERATION_UPDATE',
        agent_id,
        operation_update: { uuid, status: { operation_id, state: 'OPERATION_FINISHED', uuid: { value } } },
      },
    });
    expect(drainOf(harness, agent)?.state).toBe('DRAINING');
    framework.call({
      type: 'ACKNOWLEDGE_OPERATION_STATUS',
      acknowledge_operation_status: { agent_id, operation_id, uuid: value },
    });
    expect(drainOf(harness, agent)?.state).toBe('DRAINED');
  });

  it('does not wait for a framework that is torn down', () => {
    const { harness, agent, framework } = running();
    harness.ask(order(agent.id));
    framework.call({ type: 'TEARDOWN' });
    expect(drainOf(harness, agent)?.state).toBe('DRAINED');
  });

  it('goes by the terms of the last order', () => {
    const { harness, agent } = running();
    harness.ask(order(agent.id, { maxGracePeriod: GRACE }));
    expect(harness.ask(order(agent.id))).toEqual(ACCEPTED);
    expect(agent.of('DRAIN')).toHaveLength(2);
    expect(drainOf(harness, agent)).toEqual({ state: 'DRAINING', config: { mark_gone: false } });
  });

  it('is marked gone when it is drained, if that is wanted', () => {
    const { harness, agent, framework } = running();
    harness.ask(order(agent.id, { isMarkedGone: true }));
    expect(harness.state.agents.has(agent.id)).toBe(true);
    agent.update(framework, 'one', 'TASK_GONE_BY_OPERATOR', { reason: 'REASON_AGENT_DRAINING' });
    acknowledge(framework, agent, 'one', 'TASK_GONE_BY_OPERATOR');
    expect(harness.state.agents.has(agent.id)).toBe(false);
    expect(harness.state.goneAgents.has(agent.id)).toBe(true);
    expect(agent.of('SHUTDOWN')[0]?.shutdown.message).toBe('Agent has been marked gone');
    expect(framework.statuses.filter(({ state }) => state === 'TASK_GONE_BY_OPERATOR')).toHaveLength(1);
    expect(harness.restarted().state.goneAgents.has(agent.id)).toBe(true);
  });

  it('is not taken for drained while it is away, whatever was given up of it', () => {
    const harness = new CoreHarness();
    const agent = harness.agent();
    const framework = harness.scheduler({ ...OLD_INFO, checkpoint: false });
    const role = { allocation_info: { role: '*' } };
    framework.launch(
      framework.lastOffer,
      task('one', agent.id, { resources: [{ name: 'cpus', type: 'SCALAR', scalar: { value: 1 }, ...role }] }),
    );
    harness.ask(order(agent.id));
    agent.close();
    expect(framework.lastStatus).toMatchObject({ state: 'TASK_LOST' });
    expect(drainOf(harness, agent)?.state).toBe('DRAINING');
    const back = agent.back();
    expect(back.of('SUBSCRIBED')[0]?.subscribed.drain_config).toEqual({ mark_gone: false });
    expect(drainOf(harness, agent)?.state).toBe('DRAINED');
  });
});

describe('a drain', () => {
  it('goes on when the master was killed in the middle of it', () => {
    const { harness, agent, framework } = running();
    harness.ask(order(agent.id, { maxGracePeriod: GRACE }));
    const next = harness.restarted();
    const tasks = [reportedTask('one', framework.id, agent.id, 'TASK_KILLING')];
    const info = { ...INFO, id: { value: framework.id } };
    const back = agent.back({ tasks, frameworks: [info] }, next);
    const config = { max_grace_period: GRACE, mark_gone: false };
    expect(back.of('SUBSCRIBED')[0]?.subscribed.drain_config).toEqual(config);
    expect(drainOf(next, agent)).toEqual({ state: 'DRAINING', config });
    const again = next.scheduler(info);
    expect(again.offers).toEqual([]);
    endTask(again, back);
    expect(drainOf(next, agent)?.state).toBe('DRAINED');
    const last = next.restarted();
    const drained = agent.back({}, last);
    expect(drained.of('SUBSCRIBED')[0]?.subscribed).not.toHaveProperty('drain_config');
    expect(drainOf(last, agent)?.state).toBe('DRAINED');
    expect(last.ask({ type: 'reactivate-agent', agentId: agent.id })).toEqual(ACCEPTED);
    expect(drainOf(last.restarted(), agent)).toBeUndefined();
  });

  it('ends in the restarted master when the agent lost its tasks meanwhile', () => {
    const { harness, agent } = running();
    harness.ask(order(agent.id, { isMarkedGone: true }));
    const next = harness.restarted();
    const back = agent.back({}, next);
    expect(next.state.goneAgents.has(agent.id)).toBe(true);
    expect(back.of('SHUTDOWN')).toHaveLength(1);
  });

  it('can be ordered of agents that are away, unreachable ones, too, and begins when they are back', () => {
    const { harness, agent, framework } = running();
    const next = harness.restarted();
    expect(next.ask(order(agent.id))).toEqual(ACCEPTED);
    next.advance(600_000);
    expect(next.state.unreachableAgents.get(agent.id)).toMatchObject({ drain: { state: 'DRAINING' } });
    expect(next.ask(order(agent.id, { maxGracePeriod: GRACE }))).toEqual(ACCEPTED);
    const last = next.restarted();
    const tasks = [reportedTask('one', framework.id, agent.id)];
    const back = agent.back({ tasks, frameworks: [{ ...INFO, id: { value: framework.id } }] }, last);
    expect(back.of('SUBSCRIBED')[0]?.subscribed.drain_config).toEqual({
      max_grace_period: GRACE,
      mark_gone: false,
    });
    expect(last.state.agents.get(agent.id)?.isDeactivated).toBe(true);
  });

  it('is refused of agents that nobody knows, that cannot, or whose machine is to be maintained', () => {
    const harness = new CoreHarness();
    expect(harness.ask(order('nosuch'))).toEqual(refused('Unknown agent'));
    const old = harness.agent('cpus:1', { capabilities: [{ type: 'MULTI_ROLE' }] });
    expect(harness.ask(order(old.id))).toEqual(refused(`Agent ${old.id} is not capable of draining`));
    const agent = harness.agent();
    const machine_ids = [{ hostname: 'HOST', ip: '127.0.0.1' }];
    const windows = [{ machine_ids, unavailability: { start: { nanoseconds: 1 } } }];
    harness.ask({ type: 'update-schedule', schedule: { windows } });
    expect(harness.ask(order(agent.id))).toEqual(
      refused(`Agent ${agent.id} is part of a maintenance schedule under Machine HOST (127.0.0.1)`),
    );
    expect(drainOf(harness, agent)).toBeUndefined();
    expect(harness.state.agents.get(agent.id)?.isDeactivated).toBe(false);
  });

  it('cannot be called off, but what is drained can be put to use again', () => {
    const { harness, agent, framework } = running();
    const reactivate: OperatorCommand = { type: 'reactivate-agent', agentId: agent.id };
    harness.ask(order(agent.id));
    expect(harness.ask(reactivate)).toEqual(refused('Agent is still in the DRAINING state'));
    endTask(framework, agent);
    const offers = framework.offers.length;
    expect(harness.ask(reactivate)).toEqual(ACCEPTED);
    expect(framework.offers.length).toBeGreaterThan(offers);
    expect(harness.state.agents.get(agent.id)).toMatchObject({
      isDeactivated: false,
      drain: undefined,
      drainStartedMs: undefined,
    });
    expect(harness.ask(reactivate)).toEqual(refused('Agent is not deactivated'));
  });

  it('and deactivation hold for agents that are away', () => {
    const harness = new CoreHarness();
    const agent = harness.agent();
    const next = harness.restarted();
    expect(next.ask({ type: 'deactivate-agent', agentId: 'nosuch' })).toEqual(refused('Unknown agent'));
    expect(next.ask({ type: 'deactivate-agent', agentId: agent.id })).toEqual(ACCEPTED);
    const back = agent.back({}, next.restarted());
    expect(back.harness.state.agents.get(agent.id)?.isDeactivated).toBe(true);
    const last = back.harness.restarted();
    expect(last.ask({ type: 'reactivate-agent', agentId: agent.id })).toEqual(ACCEPTED);
    expect(last.restarted().state.recoveredAgents.get(agent.id)?.isDeactivated).toBe(false);
  });
});
