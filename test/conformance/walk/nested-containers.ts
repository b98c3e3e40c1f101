import type { JsonObject } from '../captures.ts';
import { at, type Scheduler } from '../scheduler.ts';
import { untilRemoved } from '../views.ts';
import type { Walk } from '../walk.ts';
import { smallTask } from './small-task.ts';

/** The container of the task in which an operator launched others. */
const PARENT = '337d5b59-1757-496d-9da1-8719b00d5ae0';

/** What an operator launches at the agent: sessions inside of a task, a nested container, a standalone one. */
export const walkNestedContainers = (walk: Walk, capabilities: readonly JsonObject[]): void => {
  let scheduler: Scheduler;
  walk.step('a scheduler has a task', async () => {
    scheduler = await walk.join({ name: 'nest-fw', roles: ['golden'], capabilities });
    await walk.launch(scheduler, smallTask('n-1', 'echo begin; sleep 1000'));
    await walk.seen(scheduler, 'n-1', 2);
    const running = scheduler.events.findLast((event) => event.type === 'UPDATE') ?? {};
    walk.bindings.set(PARENT, at(running, 'update', 'status', 'container_status', 'container_id', 'value'));
  });
  walk.answers(
    'agentop-LAUNCH_NESTED_CONTAINER_SESSION',
    'agentop-LAUNCH_NESTED_CONTAINER_SESSION-accept-json',
    'agentop-LAUNCH_NESTED_CONTAINER',
    'agentop-GET_CONTAINERS-nested',
    'agentop-WAIT_NESTED_CONTAINER',
    'agentop-REMOVE_NESTED_CONTAINER',
    'agentop-LAUNCH_CONTAINER',
    'agentop-GET_CONTAINERS-standalone',
    'agentop-KILL_CONTAINER',
    'agentop-WAIT_CONTAINER',
  );
  walk.step('the scheduler leaves', async () => {
    scheduler.close();
    await untilRemoved(walk.cluster.masterUrl, scheduler.frameworkId);
  });
};
