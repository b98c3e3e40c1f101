import type { Scheduler } from '../scheduler.ts';
import { untilRemoved } from '../views.ts';
import type { Walk } from '../walk.ts';

/** The captured id of the stream over which the bad calls came. */
const STREAM_ID = '5c59ca8d-6a96-4901-a713-5f149b9ae15d';

/** Whatever can be wrong about a request, and what is said about it. */
export const walkErrors = (walk: Walk): void => {
  let scheduler: Scheduler;

  walk.answers('op-w57-TEARDOWN-unknown', /^err-op-/);
  walk.step('a scheduler subscribes', async () => {
    scheduler = await walk.join(
      { name: 'err-fw', roles: ['golden'], capabilities: [{ type: 'MULTI_ROLE' }] },
      { streamId: STREAM_ID },
    );
  });
  walk.answers(/^err-sched-(?!second|revive|subscribe-(bad|role))/);
  walk.answers(/^err-sched-subscribe-(bad|role)/);
  walk.step('it subscribes once more', async () => {
    scheduler = await walk.subscribe('err-sched-second-subscribe-same-connection-no-force');
    walk.compareEvents(scheduler);
    scheduler.close();
    await untilRemoved(walk.cluster.masterUrl, scheduler.frameworkId);
  });
  walk.answers('err-sched-revive-after', /^err-agent/, /^err-master/);
};
