import type { EventStream, Scheduler } from '../scheduler.ts';
import { untilRemoved } from '../views.ts';
import type { Walk } from '../walk.ts';
import { MASTER_ID } from './master-id.ts';

/** The same in protobuf: calls, an operator's stream, a scheduler's. */
export const walkProtobuf = (walk: Walk): void => {
  let operator: EventStream;
  let scheduler: Scheduler;

  walk.answers(/^pb-op-GET_/);
  walk.step('an operator listens', async () => {
    operator = await walk.open('pb-op-SUBSCRIBE-stream');
    operator.close();
  });
  walk.check('it saw what the captured one saw', async () => walk.compareEvents(operator));
  walk.step('a scheduler subscribes', async () => {
    scheduler = await walk.subscribe('pb-sched-SUBSCRIBE-stream');
    await walk.hold(scheduler, `${MASTER_ID}-O35`);
  });
  walk.check('it saw what the captured one saw', async () => walk.compareEvents(scheduler));
  walk.step('it leaves', async () => {
    scheduler.close();
    await untilRemoved(walk.cluster.masterUrl, scheduler.frameworkId);
  });
};
