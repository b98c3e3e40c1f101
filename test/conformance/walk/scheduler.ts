import { expect } from 'vitest';
import type { Scheduler } from '../scheduler.ts';
import type { Walk } from '../walk.ts';
import { MASTER_ID } from './master-id.ts';

/** A scheduler's whole life: offers, tasks, operations, a pod, its failover, its end; then one of the old kind. */
export const walkScheduler = (walk: Walk): void => {
  let scheduler: Scheduler;
  let first: Scheduler;
  const seen = (subject: string, count: number) => walk.seen(scheduler, subject, count);
  const acknowledgements: number[][] = [];

  walk.step('a scheduler subscribes', async () => {
    scheduler = await walk.subscribe('sched-01-SUBSCRIBE');
    acknowledgements.push(scheduler.acknowledged);
  });
  walk.answers('sched-02-ACCEPT-LAUNCH');
  walk.step('its task is healthy', () => seen('long-1', 3));
  walk.answers('sched-03-ACCEPT-LAUNCH-two');
  walk.step('one task ends well, one fails', async () => {
    await seen('ok-1', 3);
    await seen('fail-1', 3);
  });
  walk.answers('sched-04-DECLINE', 'sched-05-REVIVE', 'sched-05b-DECLINE-unknown-offer');
  walk.answers('sched-06-RECONCILE-explicit');
  walk.step('it hears of all three tasks', () => seen('never-heard', 1));
  walk.answers('sched-07-RECONCILE-implicit');
  walk.step('it hears of the one that runs', async () => {
    await seen('long-1', 5);
    await walk.hold(scheduler, `${MASTER_ID}-O7`);
  });
  walk.answers('sched-08-SUPPRESS', 'sched-08b-DECLINE', 'sched-08c-REVIVE-roles', 'sched-10-ACCEPT-too-big');
  walk.step('it hears why', () => seen('toobig-1', 1));
  walk.answers('sched-11-ACCEPT-stale-offer');
  walk.step('it hears that the offer is gone', () => seen('stale-1', 1));
  walk.answers('sched-12-ACCEPT-duplicate-task-id');
  walk.step('it hears that the id is taken', () => seen('long-1', 6));
  walk.answers('sched-13-KILL', 'sched-14-KILL-unknown');
  walk.step('the task ends', async () => {
    await seen('long-1', 8);
    await seen('never-heard', 2);
  });
  walk.step('it reserves disk, acknowledges that and asks again', async () => {
    const agent_id = { value: `${await walk.cluster.masterId()}-S0` };
    const operation_id = { value: 'op-reserve-1' };
    await walk.hold(scheduler, `${MASTER_ID}-O10`);
    await scheduler.call('ACCEPT', {
      offer_ids: [{ value: walk.offerTaken(`${MASTER_ID}-O10`) }],
      operations: [
        {
          type: 'RESERVE',
          id: operation_id,
          reserve: {
            resources: [
              {
                name: 'disk',
                type: 'SCALAR',
                scalar: { value: 100 },
                allocation_info: { role: 'golden' },
                reservations: [{ type: 'DYNAMIC', role: 'golden' }],
              },
            ],
          },
        },
      ],
      filters: { refuse_seconds: 0 },
    });
    await seen('op-reserve-1', 1);
    const uuid = walk.operationUuid(scheduler, 'op-reserve-1');
    await scheduler.call('ACKNOWLEDGE_OPERATION_STATUS', { agent_id, operation_id, uuid });
    await scheduler.call('RECONCILE_OPERATIONS', { operations: [{ operation_id, agent_id }] });
    await seen('op-reserve-1', 2);
  });
  walk.answers('sched-18-ACCEPT-CREATE-LAUNCH');
  walk.step('the task in the volume ends', () => seen('vol-1', 3));
  walk.answers('sched-19-ACCEPT-DESTROY-UNRESERVE', 'sched-20-ACCEPT-LAUNCH_GROUP');
  walk.step('the pod runs', async () => {
    await seen('pod-a', 2);
    await seen('pod-b', 2);
    await walk.hold(scheduler, `${MASTER_ID}-O14`);
  });
  walk.answers(/^mid-.*-pod$/);
  walk.step('the pod ends, and so does its executor', async () => {
    await seen('pod-b', 3);
    await seen('FAILURE', 1);
  });
  walk.answers(
    'sched-21-UPDATE_FRAMEWORK',
    'sched-22-MESSAGE',
    'sched-23-REQUEST',
    'sched-24-ACCEPT-LAUNCH-long2',
  );
  walk.step('its last task runs', () => seen('long-2', 2));

  walk.step('another instance takes over', async () => {
    first = scheduler;
    scheduler = await walk.subscribe('sched-25-SUBSCRIBE-failover');
    acknowledgements.push(scheduler.acknowledged);
  });
  walk.check('the first one saw what the captured one saw', async () => {
    await walk.seen(first, 'ERROR', 1);
    walk.compareEvents(first);
  });
  walk.answers('sched-26-old-stream-id-after-failover', 'sched-27-RECONCILE-after-failover');
  walk.step('it hears of the task', () => seen('long-2', 1));
  walk.answers('sched-28-SHUTDOWN-executor');
  walk.step('the task ends with its executor', () => seen('long-2', 3));
  walk.check('it saw what the captured one saw', async () => walk.compareEvents(scheduler));
  walk.answers('sched-29-TEARDOWN', 'sched-30-after-TEARDOWN-REVIVE');
  walk.check('it is not let in again', async () => {
    const refused = await walk.subscribe('sched-31-SUBSCRIBE-after-teardown');
    walk.compareEvents(refused);
  });

  walk.step('a scheduler of the old kind subscribes', async () => {
    scheduler = await walk.subscribe('sched-32-SUBSCRIBE-no-multirole');
    acknowledgements.push(scheduler.acknowledged);
  });
  walk.answers('sched-33-ACCEPT-LAUNCH-old');
  walk.step('its task ends', () => seen('old-1', 3));
  walk.answers('sched-34-ACCEPT-LAUNCH-unknown-stale-not-partition-aware');
  walk.step('it hears in its own words that the offer is gone', async () => {
    await seen('old-2', 1);
    walk.compareEvents(scheduler);
  });
  walk.answers('33b-teardown-v0');
  walk.check('every acknowledgement was taken as the captured ones were', async () => {
    const { status } = walk.golden('sched-09-ACKNOWLEDGE-TASK_RUNNING');
    expect(new Set(acknowledgements.flat())).toEqual(new Set([status]));
  });
};
