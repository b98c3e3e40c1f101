import { describe, expect, it } from 'vitest';
import { request } from '../../src/http/client.ts';
import type { ResponseGetAgentsAgent } from '../../src/mesos/generated/master.ts';
import { waitFor } from '../support/wait-for.ts';
import { startTestAgent, startTestMaster } from './support/cluster.ts';
import { FRAMEWORK, shellTask, subscribe, type TestScheduler } from './support/scheduler.ts';

const STUBBORN = "trap '' TERM; while :; do sleep 0.05; done";

const call = async (url: string, message: object): Promise<[status: number, body: string]> => {
  const { status, body } = await request({
    method: 'POST',
    url: `${url}/api/v1`,
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify(message),
  });
  return [status, body.toString()];
};

const drain = (url: string, agentId: string | undefined, more: object = {}) =>
  call(url, { type: 'DRAIN_AGENT', drain_agent: { agent_id: { value: agentId }, ...more } });

const agentOf = async (url: string): Promise<ResponseGetAgentsAgent | undefined> => {
  const [, body] = await call(url, { type: 'GET_AGENTS' });
  return JSON.parse(body).get_agents.agents[0];
};

const untilDrained = (url: string) =>
  waitFor('it is drained', async () => (await agentOf(url))?.drain_info?.state === 'DRAINED');

const launch = async (scheduler: TestScheduler, command: string, more = {}): Promise<void> => {
  await scheduler.launch(await scheduler.untilOffer(), shellTask('task', command, more));
  await scheduler.untilStatus('task', 'TASK_RUNNING');
};

describe('a real agent that is drained', () => {
  it('ends its task, says why, and is drained; put to use again it is offered', async () => {
    const { url } = await startTestMaster();
    const { agent } = await startTestAgent(url);
    const scheduler = await subscribe(url);
    await launch(scheduler, 'sleep 1000');
    expect(await drain(url, agent.agentId, { max_grace_period: { seconds: 10 } })).toEqual([200, '']);
    const { reason, message, source } = await scheduler.untilStatus('task', 'TASK_KILLED');
    expect({ reason, message, source }).toEqual({
      reason: 'REASON_AGENT_DRAINING',
      message: 'Command terminated with signal Terminated',
      source: 'SOURCE_EXECUTOR',
    });
    expect(scheduler.states('task')).toContain('TASK_KILLING');
    await untilDrained(url);
    expect(await agentOf(url)).toMatchObject({
      active: false,
      deactivated: true,
      drain_info: { config: { max_grace_period: { nanoseconds: 10e9 }, mark_gone: false } },
    });
    const from = scheduler.events.length;
    const reactivate = { agent_id: { value: agent.agentId } };
    expect(await call(url, { type: 'REACTIVATE_AGENT', reactivate_agent: reactivate })).toEqual([200, '']);
    await scheduler.untilOffer(undefined, from);
    expect(await agentOf(url)).not.toHaveProperty('drain_info');
  });

  it('is drained by the next master when the one before stopped in the middle of it', async () => {
    const master = await startTestMaster();
    const test = await startTestAgent(master.url);
    const scheduler = await subscribe(master.url);
    await launch(scheduler, STUBBORN, { kill_policy: { grace_period: { nanoseconds: 3600e9 } } });
    await drain(master.url, test.agent.agentId);
    await scheduler.untilStatus('task', 'TASK_KILLING');
    await master.restart();
    const again = await subscribe(master.url, { ...FRAMEWORK, id: { value: scheduler.frameworkId } });
    await waitFor(
      'the agent is back',
      async () => (await agentOf(master.url))?.drain_info?.state === 'DRAINING',
    );
    await test.restart();
    expect((await agentOf(master.url))?.drain_info?.state).toBe('DRAINING');
    await drain(master.url, test.agent.agentId, { max_grace_period: { nanos: 1e8 } });
    expect(await again.untilStatus('task', 'TASK_KILLED')).toMatchObject({ reason: 'REASON_AGENT_DRAINING' });
    await untilDrained(master.url);
    expect(again.events.some(({ type }) => type === 'OFFERS')).toBe(false);
  });

  it('is gone afterwards, when that is wanted', async () => {
    const { url } = await startTestMaster();
    const { agent } = await startTestAgent(url);
    const scheduler = await subscribe(url);
    await launch(scheduler, 'sleep 1000');
    await drain(url, agent.agentId, { mark_gone: true });
    expect(await scheduler.untilStatus('task', 'TASK_GONE_BY_OPERATOR')).toMatchObject({
      reason: 'REASON_AGENT_DRAINING',
    });
    expect(await agent.ended).toBe('Agent has been marked gone');
    expect(await agentOf(url)).toBeUndefined();
    expect(scheduler.states('task').at(-1)).toBe('TASK_GONE_BY_OPERATOR');
  });
});

describe('a machine with a real agent', () => {
  it('is asked about, taken down with its agent, and keeps agents out until it is up', async () => {
    const master = await startTestMaster();
    const test = await startTestAgent(master.url);
    const { url } = master;
    const scheduler = await subscribe(url);
    await launch(scheduler, 'sleep 1000');
    const { agent_info } = (await agentOf(url)) ?? {};
    const machines = [{ hostname: agent_info?.hostname, ip: '127.0.0.1' }];
    const unavailability = { start: { nanoseconds: 1e18 }, duration: { nanoseconds: 3600e9 } };
    const schedule = { windows: [{ machine_ids: machines, unavailability }] };
    expect(
      await call(url, { type: 'UPDATE_MAINTENANCE_SCHEDULE', update_maintenance_schedule: { schedule } }),
    ).toEqual([200, '']);
    const asked = await scheduler.until('INVERSE_OFFERS');
    const [inverse] = asked.inverse_offers.inverse_offers ?? [];
    expect(inverse).toMatchObject({ agent_id: { value: test.agent.agentId }, unavailability });
    const offer = await scheduler.untilOffer((one) => one.unavailability !== undefined);
    expect(offer.unavailability).toEqual(unavailability);
    const accepted = await scheduler.call('ACCEPT_INVERSE_OFFERS', { inverse_offer_ids: [inverse?.id] });
    expect(accepted.status).toBe(202);
    const read = async (path: string) =>
      JSON.parse((await request({ url: `${master.url}${path}` })).body.toString());
    expect(await read('/maintenance/status')).toEqual({
      draining_machines: [
        {
          id: machines[0],
          statuses: [
            {
              status: 'ACCEPT',
              framework_id: { value: scheduler.frameworkId },
              timestamp: { nanoseconds: expect.any(Number) },
            },
          ],
        },
      ],
    });
    const post = (path: string) =>
      request({ method: 'POST', url: `${master.url}${path}`, body: JSON.stringify(machines) });
    expect((await post('/machine/down')).status).toBe(200);
    expect(await test.agent.ended).toBe("Operator initiated 'Machine DOWN'");
    expect(await scheduler.untilStatus('task', 'TASK_LOST')).toMatchObject({
      reason: 'REASON_AGENT_REMOVED',
    });
    await master.restart();
    // Connections to the one before may have to break first.
    const status = await waitFor('it answers', () => read('/maintenance/status').catch(() => undefined));
    expect(status).toEqual({ down_machines: machines });
    expect(await read('/maintenance/schedule')).toEqual(schedule);
    expect((await post('/machine/up')).status).toBe(200);
    await test.restart();
    expect(await agentOf(url)).toMatchObject({ active: true });
    expect(await read('/maintenance/schedule')).toEqual({});
  });
});
