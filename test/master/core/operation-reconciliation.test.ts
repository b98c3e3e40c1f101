import { describe, expect, it } from 'vitest';
import type { OperationStatus } from '../../../src/mesos/generated/mesos.ts';
import { CoreHarness, cpus, INFO, type TestAgent, type TestFramework } from './harness.ts';

/** A reservation that the agent has been told to make and has said nothing of. */
const setUp = () => {
  const harness = new CoreHarness();
  const agent = harness.agent();
  const framework = harness.scheduler();
  const resources = [cpus(1, { reservations: [{ type: 'DYNAMIC', role: 'eng' }] })];
  const reserve = { type: 'RESERVE', reserve: { resources } };
  framework.accept([framework.lastOffer.id.value], [{ ...reserve, id: { value: 'op' } }, reserve]);
  return { harness, agent, framework };
};

const statuses = ({ events }: TestFramework): OperationStatus[] =>
  events.flatMap((event) =>
    event.type === 'UPDATE_OPERATION_STATUS' ? [event.update_operation_status.status] : [],
  );

/** What the master answers to a question about operations. */
const reconcile = (framework: TestFramework, operations: readonly object[] = []): OperationStatus[] => {
  const before = statuses(framework).length;
  framework.call({ type: 'RECONCILE_OPERATIONS', reconcile_operations: { operations } });
  return statuses(framework).slice(before);
};

const finish = (harness: CoreHarness, agent: TestAgent): void => {
  const [order] = agent.of('APPLY_OPERATION');
  const status = {
    operation_id: { value: 'op' },
    state: 'OPERATION_FINISHED' as const,
    uuid: { value: 'AAAAAAAAAAAAAAAAAAAAAA==' },
    agent_id: { value: agent.id },
  };
  const uuid = order?.apply_operation.uuid ?? '';
  harness.feed({
    type: 'agent-call',
    agentId: agent.id,
    call: { type: 'OPERATION_UPDATE', agent_id: { value: agent.id }, operation_update: { uuid, status } },
  });
};

const OP = { operation_id: { value: 'op' } };

describe('the reconciliation of operations', () => {
  it('tells of every operation with an id, or of those that are asked for, as they stand', () => {
    const { harness, agent, framework } = setUp();
    const pending = { ...OP, state: 'OPERATION_PENDING', agent_id: { value: 'M-S0' } };
    expect(reconcile(framework)).toEqual([pending]);
    expect(reconcile(framework, [OP])).toEqual([pending]);
    finish(harness, agent);
    // It is to be acknowledged once only, so that no second uuid is told.
    expect(reconcile(framework)).toEqual([{ ...pending, state: 'OPERATION_FINISHED' }]);
    const other = harness.scheduler({ ...INFO, name: 'other' });
    expect(reconcile(other)).toEqual([]);
    expect(reconcile(other, [OP])).toMatchObject([{ state: 'OPERATION_UNKNOWN' }]);
  });

  it('says of others what stands about their agents, and whose they were said to be', () => {
    const { harness, agent, framework } = setUp();
    const gone = harness.agentAt(7000, 'cpus:1');
    const away = harness.agentAt(7001, 'cpus:1');
    harness.ask({ type: 'mark-agent-gone', agentId: gone.id });
    away.close();
    for (let round = 0; round < 10; round++) {
      harness.advance(15_000);
      agent.pong();
    }
    const asked = (agentId?: string, providerId?: string) => ({
      operation_id: { value: 'other' },
      ...(agentId === undefined ? {} : { agent_id: { value: agentId } }),
      ...(providerId === undefined ? {} : { resource_provider_id: { value: providerId } }),
    });
    const questions = [
      asked(),
      asked('no-such'),
      asked(agent.id),
      asked(agent.id, 'provider'),
      asked(gone.id),
      asked(away.id, 'provider'),
    ];
    const states = [
      'OPERATION_UNKNOWN',
      'OPERATION_UNKNOWN',
      'OPERATION_UNKNOWN',
      'OPERATION_UNKNOWN',
      'OPERATION_GONE_BY_OPERATOR',
      'OPERATION_UNREACHABLE',
    ];
    expect(reconcile(framework, questions)).toEqual(
      questions.map((question, index) => ({
        ...question,
        state: states[index],
        message: expect.stringMatching(/^Reconciliation: /),
      })),
    );
  });

  it('says of agents that are not back yet that it has to be waited for', () => {
    const { harness, agent } = setUp();
    const next = harness.restarted();
    const framework = next.scheduler();
    const question = { ...OP, agent_id: { value: agent.id } };
    expect(reconcile(framework, [question])).toEqual([
      {
        ...question,
        state: 'OPERATION_RECOVERING',
        message: 'Reconciliation: Agent is recovered but has not re-registered',
      },
    ]);
  });
});

describe('an operation whose agent is lost', () => {
  it('is unreachable with it', () => {
    const { harness, agent, framework } = setUp();
    harness.advance(90_000);
    expect(harness.state.agents.has(agent.id)).toBe(false);
    expect(statuses(framework)).toEqual([
      {
        ...OP,
        state: 'OPERATION_UNREACHABLE',
        message: 'health check timed out',
        agent_id: { value: agent.id },
      },
    ]);
  });

  it('is gone with it', () => {
    const { harness, agent, framework } = setUp();
    harness.ask({ type: 'mark-agent-gone', agentId: agent.id });
    expect(statuses(framework)).toEqual([
      {
        ...OP,
        state: 'OPERATION_GONE_BY_OPERATOR',
        message: 'Agent has been marked gone',
        agent_id: { value: agent.id },
      },
    ]);
  });

  it('stays what it was when it was over', () => {
    const { harness, agent, framework } = setUp();
    finish(harness, agent);
    harness.ask({ type: 'mark-agent-gone', agentId: agent.id });
    expect(statuses(framework).map(({ state }) => state)).toEqual(['OPERATION_FINISHED']);
  });
});
