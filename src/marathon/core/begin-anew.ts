import { terminateTask } from './instance-life.ts';
import { FRAMEWORK_KEY } from './keys.ts';
import { lineIsGone } from './reconcile.ts';
import type { Turn } from './turn.ts';

/**
 * The framework was torn down, or stayed away for longer than its fail-over time: the master has ended its tasks and takes
 * its id no more. What is wanted stays wanted, so all of it is launched anew under the id that comes next.
 */
export const beginAnew = (turn: Turn): void => {
  const { state } = turn;
  state.frameworkId = undefined;
  turn.save(FRAMEWORK_KEY, undefined);
  state.master.wasEverConnected = false;
  lineIsGone(turn);
  for (const instance of [...state.instances.all()]) {
    if (instance.task !== undefined) terminateTask(turn, instance, { condition: 'Gone', isDraining: false });
  }
};
