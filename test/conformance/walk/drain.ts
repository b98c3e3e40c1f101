import { request } from '../../../src/http/client.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { JsonObject } from '../captures.ts';
import type { Scheduler } from '../scheduler.ts';
import { untilRemoved } from '../views.ts';
import type { Walk } from '../walk.ts';
import { MASTER_ID } from './master-id.ts';
import { smallTask } from './small-task.ts';

const operate = async (walk: Walk, call: JsonObject): Promise<string> => {
  const { body } = await request({
    method: 'POST',
    url: `${walk.cluster.masterUrl}/api/v1`,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(call),
  });
  return body.toString('utf8');
};

const untilDrained = (walk: Walk): Promise<unknown> =>
  waitFor('the agent to be drained', async () =>
    (await operate(walk, { type: 'GET_AGENTS' })).includes('"DRAINED"'),
  );

/** An agent is deactivated, drained, and goes into maintenance as far as its frameworks are asked about it. */
export const walkMaintenance = (walk: Walk): void => {
  let scheduler: Scheduler;

  walk.step('a scheduler runs a task', async () => {
    scheduler = await walk.subscribe('sched-40-SUBSCRIBE-drain-and-maintenance');
    await walk.launch(scheduler, smallTask('d-1', 'sleep 1000'), { id: `${MASTER_ID}-O19` });
    await walk.seen(scheduler, 'd-1', 2);
  });
  walk.answers(/^op-w4[0-3]/);
  walk.step('the agent is drained and comes back', async () => {
    const agent_id = { value: `${await walk.cluster.masterId()}-S0` };
    await operate(walk, { type: 'DRAIN_AGENT', drain_agent: { agent_id } });
    await walk.seen(scheduler, 'd-1', 3);
    await untilDrained(walk);
    await operate(walk, { type: 'REACTIVATE_AGENT', reactivate_agent: { agent_id } });
  });
  walk.answers('op-w47-DRAIN_AGENT-unknown');
  walk.step('another task runs', async () => {
    await walk.launch(scheduler, smallTask('d-2', 'sleep 1000'), { id: `${MASTER_ID}-O21` });
    await walk.seen(scheduler, 'd-2', 2);
  });
  walk.answers('op-w50-UPDATE_MAINTENANCE_SCHEDULE', 'sched-41-ACCEPT_INVERSE_OFFERS', /^op-w51-/);
  walk.answers('sched-42-DECLINE_INVERSE_OFFERS', /^op-w51b/);
  walk.answers(/^op-w5[2-5]/);
  walk.check('it saw what the captured one saw', async () => walk.compareEvents(scheduler));
  walk.answers('op-w56-TEARDOWN');
};

/** A drain, looked at while it is under way and when it is over. */
export const walkDrain = (walk: Walk): void => {
  let scheduler: Scheduler;

  walk.step('a scheduler runs a task', async () => {
    // As long as the end of its task is not acknowledged, the agent is still draining.
    scheduler = await walk.subscribe('sched-44-SUBSCRIBE-drain', new Set(['TASK_KILLED']));
    await walk.launch(scheduler, smallTask('d-1', 'sleep 1000'), { id: `${MASTER_ID}-O29` });
    await walk.seen(scheduler, 'd-1', 2);
  });
  walk.answers(/^op-w44/);
  walk.step('the task is ended', () => walk.seen(scheduler, 'd-1', 4));
  walk.answers(/^op-w45/);
  walk.step('the agent is drained', async () => {
    await scheduler.catchUp();
    await untilDrained(walk);
  });
  walk.answers(/^op-w46/, 'op-w48-REACTIVATE_AGENT-after-drain');
  walk.check('it saw what the captured one saw', async () => walk.compareEvents(scheduler));
  walk.step('the scheduler leaves', async () => {
    scheduler.close();
    await untilRemoved(walk.cluster.masterUrl, scheduler.frameworkId);
  });
};
