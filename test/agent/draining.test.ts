import { describe, expect, it } from 'vitest';
import type { DrainConfig } from '../../src/mesos/generated/mesos.ts';
import { waitFor } from '../support/wait-for.ts';
import { type FakeMaster, shellTask } from './fake-master.ts';
import { startTestCluster, type TestCluster } from './test-agent.ts';

const STUBBORN = "trap '' TERM; while :; do sleep 0.05; done";
const LONG = { kill_policy: { grace_period: { nanoseconds: 3600e9 } } };
const SHORT = { max_grace_period: { nanoseconds: 1e8 } };

const drain = (master: FakeMaster, config: DrainConfig): void =>
  master.send({ type: 'DRAIN', drain: { config } });

const getAgent = async ({ agent }: TestCluster) => {
  const answer = await fetch(`${agent.url}/api/v1`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: '{"type":"GET_AGENT"}',
  });
  return (await answer.json()).get_agent;
};

const state = async ({ agent }: TestCluster) => (await fetch(`${agent.url}/state`)).json();

describe('an agent that drains', () => {
  it('ends every task within the shorter grace, and says why', async () => {
    const { master } = await startTestCluster();
    master.launch(shellTask('stubborn', STUBBORN, LONG), shellTask('meek', 'sleep 1000'));
    await master.until('stubborn', 'TASK_RUNNING');
    await master.until('meek', 'TASK_RUNNING');
    drain(master, SHORT);
    for (const id of ['stubborn', 'meek']) {
      expect(await master.until(id, 'TASK_KILLED')).toMatchObject({ reason: 'REASON_AGENT_DRAINING' });
      expect(master.updates(id).find(({ state }) => state === 'TASK_KILLING')).toMatchObject({
        reason: 'REASON_AGENT_DRAINING',
      });
    }
  });

  it("keeps to the tasks' own grace unless told, and to a shorter one that is told later", async () => {
    const { master } = await startTestCluster();
    master.launch(shellTask('stubborn', STUBBORN, LONG));
    await master.until('stubborn', 'TASK_RUNNING');
    drain(master, {});
    await master.until('stubborn', 'TASK_KILLING');
    drain(master, SHORT);
    await master.until('stubborn', 'TASK_KILLED');
  });

  it('tells those who know the state that the task is gone, when it will not come back itself', async () => {
    const { master } = await startTestCluster();
    master.launch(shellTask('task', 'sleep 1000'));
    await master.until('task', 'TASK_RUNNING');
    drain(master, { mark_gone: true });
    expect(await master.until('task', 'TASK_GONE_BY_OPERATOR')).toMatchObject({
      reason: 'REASON_AGENT_DRAINING',
    });
  });

  it('takes on no tasks, shows that it drains, and forgets it when nothing is left', async () => {
    const cluster = await startTestCluster();
    const { master } = cluster;
    master.launch(shellTask('task', STUBBORN, LONG));
    await master.until('task', 'TASK_RUNNING');
    drain(master, { mark_gone: false });
    master.launch(shellTask('late', 'true'));
    expect(await master.until('late', 'TASK_DROPPED')).toMatchObject({
      reason: 'REASON_AGENT_DRAINING',
      message: 'The agent is being drained',
    });
    const { drain_config, estimated_drain_start_time } = await getAgent(cluster);
    expect(drain_config).toEqual({ mark_gone: false });
    expect(estimated_drain_start_time.nanoseconds % 1e9).toBe(0);
    expect(await state(cluster)).toMatchObject({ drain_config: { mark_gone: false } });
    master.acknowledges = false;
    drain(master, SHORT);
    const { uuid } = await master.until('task', 'TASK_KILLED');
    expect((await getAgent(cluster)).drain_config).toMatchObject(SHORT);
    const ids = { framework_id: { value: 'fw' }, task_id: { value: 'task' } };
    master.send({ type: 'ACKNOWLEDGE', acknowledge: { ...ids, uuid: uuid ?? '' } });
    await waitFor('it is over', async () => !('drain_config' in (await getAgent(cluster))));
    expect(await state(cluster)).not.toHaveProperty('estimated_drain_start_time_seconds');
    master.acknowledges = true;
    master.launch(shellTask('next', 'true'));
    await master.until('next', 'TASK_FINISHED');
  });

  it('goes on after its own restart as the master says then', async () => {
    const cluster = await startTestCluster();
    const { master } = cluster;
    master.launch(shellTask('stubborn', STUBBORN, LONG));
    await master.until('stubborn', 'TASK_RUNNING');
    drain(master, {});
    await master.until('stubborn', 'TASK_KILLING');
    master.drainConfig = SHORT;
    await cluster.restart();
    expect(await master.until('stubborn', 'TASK_KILLED')).toMatchObject({ reason: 'REASON_AGENT_DRAINING' });
  });

  it('forgets a drain of which the master knows nothing any more', async () => {
    const cluster = await startTestCluster();
    const { master } = cluster;
    master.launch(shellTask('stubborn', STUBBORN, LONG));
    await master.until('stubborn', 'TASK_RUNNING');
    drain(master, {});
    await master.until('stubborn', 'TASK_KILLING');
    await cluster.restart();
    master.launch(shellTask('next', 'true'));
    await master.until('next', 'TASK_FINISHED');
    drain(master, SHORT);
    await master.until('stubborn', 'TASK_KILLED');
  });
});
