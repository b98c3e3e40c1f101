import { expect, it } from 'vitest';
import { countingLine } from '../../src/marathon/mesos-counters.ts';
import type { Event } from '../../src/mesos/generated/scheduler.ts';
import type { SchedulerCall } from '../../src/sdk/scheduler-connection.ts';

it('counts what passes between Marathon and the master, and changes nothing of it', async () => {
  const counters = new Map<string, number>();
  const sent: SchedulerCall[] = [];
  const seen: Event[] = [];
  let tell: (event: Event) => void | Promise<void> = () => undefined;
  const connection = countingLine(
    counters,
    ({ onEvent }) => {
      tell = onEvent;
      return {
        isConnected: true,
        frameworkId: 'f',
        call: async (call) => void sent.push(call),
        close: async () => undefined,
      };
    },
    { onEvent: (event: Event) => void seen.push(event) },
  );
  expect([connection.isConnected, connection.frameworkId]).toEqual([true, 'f']);

  const task = { name: 't', task_id: { value: 't' }, agent_id: { value: 'a' } };
  await connection.call({ type: 'REVIVE', revive: { roles: ['*'] } });
  await connection.call({ type: 'DECLINE', decline: { offer_ids: [{ value: '1' }, { value: '2' }] } });
  await connection.call({
    type: 'ACCEPT',
    accept: {
      offer_ids: [{ value: '3' }],
      operations: [
        { type: 'LAUNCH', launch: { task_infos: [task, task] } },
        {
          type: 'LAUNCH_GROUP',
          launch_group: { executor: { executor_id: { value: 'e' } }, task_group: { tasks: [task] } },
        },
      ],
    },
  });
  await tell({ type: 'OFFERS', offers: { offers: [] } });
  await tell({
    type: 'UPDATE',
    update: { status: { task_id: { value: 't' }, state: 'TASK_RUNNING' } },
  });
  expect(sent.map(({ type }) => type)).toEqual(['REVIVE', 'DECLINE', 'ACCEPT']);
  expect(seen.map(({ type }) => type)).toEqual(['OFFERS', 'UPDATE']);
  expect(Object.fromEntries(counters)).toEqual({
    'marathon.mesos.calls.revive.counter': 1,
    'marathon.mesos.offers.declined.counter': 2,
    'marathon.mesos.offers.used.counter': 1,
    'marathon.mesos.offer-operations.launch.counter': 1,
    'marathon.mesos.offer-operations.launch-group.counter': 1,
    'marathon.tasks.launched.counter': 3,
    'marathon.mesos.offers.incoming.counter': 0,
    'marathon.mesos.task-updates.task-running.counter': 1,
  });
});
