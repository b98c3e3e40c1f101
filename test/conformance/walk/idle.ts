import type { EventStream } from '../scheduler.ts';
import type { Walk } from '../walk.ts';

/** A master alone, then one agent, that nobody has asked for anything yet. */
export const walkIdle = (walk: Walk, operators: EventStream[]): void => {
  walk.answers(/^empty-/);
  walk.step('an operator listens', async () => {
    operators.push(await walk.open('op-SUBSCRIBE-stream'));
  });
  walk.step('an agent comes', () => walk.cluster.startAgent());
  walk.answers(/^idle-/);
};
