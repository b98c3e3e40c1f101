import { describe, expect } from 'vitest';
import { request } from '../../src/http/client.ts';
import { waitFor } from '../support/wait-for.ts';
import type { Scheduler } from './scheduler.ts';
import { untilAgents } from './views.ts';
import { smallTask } from './walk/small-task.ts';
import { createWalk } from './walk.ts';

/** The three lives of the captured master; the framework and the agent keep the ids of the first. */
const MASTER_IDS = [
  '0ceaf37f-d597-461b-8adf-794289c28969',
  '0d4deb8a-bc16-4d08-bdd3-a9d844d1e3dc',
  'bdab09e1-c3d8-4cce-aeff-19f39a8f3da6',
] as const;

describe('a master, an agent and a scheduler that fail one after the other', () => {
  const walk = createWalk({
    file: 'failover.jsonl',
    cluster: { master: { flags: { agentPingTimeoutMs: 1000, maxAgentPingTimeouts: 3 } } },
  });
  let scheduler: Scheduler;
  const seen = (subject: string, count: number) => walk.seen(scheduler, subject, count);
  const startMaster = async (life: 0 | 1 | 2): Promise<void> => {
    await walk.cluster.startMaster();
    walk.rewriteAlso([MASTER_IDS[life], await walk.cluster.masterId()]);
  };

  walk.step('starts with a task', async () => {
    await startMaster(0);
    await walk.cluster.startAgent();
    await walk.open('fo-00-op-SUBSCRIBE-stream');
    scheduler = await walk.subscribe('fo-01-sched-stream');
    await walk.launch(scheduler, smallTask('fo-1', 'sleep 1000'), { id: `${MASTER_IDS[0]}-O0` });
    await seen('fo-1', 2);
  });
  walk.step('the agent goes away', async () => {
    await walk.cluster.stopAgent();
    await untilAgents(walk.cluster.masterUrl, (agents) => agents.some(({ active }) => active === false));
  });
  walk.answers(/^fo-02/);
  walk.step('the agent is back', async () => {
    await walk.cluster.startAgent();
    await walk.hold(scheduler, `${MASTER_IDS[0]}-O1`);
  });
  walk.answers(/^fo-03/, 'sched-fo-03-RECONCILE');
  walk.step('the task is the same', () => seen('fo-1', 3));
  walk.check('the scheduler saw what the captured one saw', async () => walk.compareEvents(scheduler));

  walk.step('all fail, and the master alone comes back', async () => {
    await walk.cluster.stopMaster();
    await walk.cluster.stopAgent();
    await startMaster(1);
  });
  walk.answers(/^fo-04/);
  walk.step('the scheduler is back', async () => {
    await walk.open('fo-05-op-SUBSCRIBE-stream-after-master-failover');
    scheduler = await walk.subscribe('fo-06-sched-stream-after-master-failover');
  });
  walk.answers('sched-fo-07-RECONCILE-explicit-recovered-agent');
  walk.step('the agent is back', async () => {
    await walk.cluster.startAgent();
    await walk.hold(scheduler, `${MASTER_IDS[1]}-O0`);
  });
  walk.answers('sched-fo-08-RECONCILE-implicit-agent-back');
  walk.step('the task is the same', () => seen('fo-1', 1));
  walk.check('the scheduler saw what the captured one saw', async () => walk.compareEvents(scheduler));

  walk.step('the master fails again, and the scheduler stays away', async () => {
    await walk.cluster.stopMaster();
    await startMaster(2);
    await untilAgents(walk.cluster.masterUrl, (agents) => agents.length === 1);
  });
  walk.answers(/^fo-08b/);
  walk.step('the scheduler is back, and the agent goes away for too long', async () => {
    scheduler = await walk.subscribe('fo-08c-sched-stream-after-second-failover');
    await walk.hold(scheduler, `${MASTER_IDS[2]}-O0`);
    await walk.cluster.stopAgent();
    await seen('fo-1', 1);
  });
  walk.answers(/^fo-09/, 'sched-fo-10-RECONCILE-unreachable');
  walk.step('the agent comes back after all', async () => {
    await seen('fo-1', 2);
    await walk.cluster.startAgent();
    await seen('fo-1', 3);
  });
  walk.answers(/^fo-11/, 'sched-fo-11-RECONCILE-returned');
  walk.step('the task is the same', () => seen('fo-1', 4));
  walk.answers('fo-12-op-UPDATE_MAINTENANCE_SCHEDULE');
  walk.step('the scheduler is asked', async () => {
    await waitFor('the inverse offer', () => scheduler.inverseOffers.size > 0);
  });
  walk.answers('fo-13-op-START_MAINTENANCE');
  walk.step('the task is lost with the machine', async () => {
    await seen('fo-1', 5);
    await walk.cluster.agentEnded();
    await walk.cluster.stopAgent();
  });
  walk.answers(/^fo-14/, 'fo-15-op-STOP_MAINTENANCE');
  walk.step('the machine is back, and runs another task', async () => {
    await walk.cluster.startAgent();
    await walk.launch(scheduler, smallTask('fo-2', 'sleep 1000'), { id: `${MASTER_IDS[2]}-O4` });
    await seen('fo-2', 2);
  });
  walk.answers('fo-16-op-MARK_AGENT_GONE');
  walk.step('the task is gone', () => seen('fo-2', 3));
  walk.answers(/^fo-17/, 'sched-fo-18-RECONCILE-gone');
  walk.step('the task is gone for good', () => seen('fo-2', 4));
  walk.answers('fo-19-op-MARK_AGENT_GONE-again');
  walk.check('the scheduler saw what the captured one saw', async () => walk.compareEvents(scheduler));
  walk.step('another agent takes the place of the one that is gone', async () => {
    await walk.cluster.agentEnded();
    await walk.cluster.stopAgent();
    await walk.cluster.startAgent();
  });
  walk.answers('fo-20-agentop-LAUNCH_CONTAINER');
  walk.check('it survives the call that the captured one died of', async () => {
    const container = { container_id: { value: 'standalone-1' } };
    const send = async (body: object): Promise<number> => {
      const { status } = await request({
        method: 'POST',
        url: `${walk.cluster.agentUrl}/api/v1`,
        headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
        body: JSON.stringify(body),
      });
      return status;
    };
    await send({ type: 'WAIT_CONTAINER', wait_container: container });
    expect(await send({ type: 'REMOVE_CONTAINER', remove_container: container })).toBe(200);
    expect(await send({ type: 'GET_HEALTH' })).toBe(200);
  });
});
