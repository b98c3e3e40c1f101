import { LAST_ASKED } from './last-asked.ts';
import { isLive } from './state.ts';
import type { Turn } from './turn.ts';
import { kill } from './updates.ts';

const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 60_000;
/** The recommended one (mesos.md 1.13). */
const PERIOD_MS = 15 * 60_000;

/** A master has either heard of all agents by then, or given up on them. */
const LONGEST_UNKNOWN_MS = 75_000;

/** Whether everything that may run is known: before that nothing is launched of which there may be one already. */
export const isEverythingKnown = ({ state, nowMs }: Turn): boolean =>
  state.isReconciled || nowMs - state.subscribedMs >= LONGEST_UNKNOWN_MS;

/** A new connection: what the master knows of our tasks is asked for, of those too that we know nothing of. */
export const reconcileAll = (turn: Turn): void => {
  turn.state.isReconciled = false;
  turn.state.subscribedMs = turn.nowMs;
  askAgain(turn);
  for (const [name, task] of turn.state.tasks) if (isLive(task) && task.isEnding) kill(turn, name);
};

/** Asks for every live task, and will ask again for those that get no answer. */
export const askAgain = (turn: Turn): void => {
  turn.state.reconcileAttempts = 0;
  for (const task of turn.state.tasks.values()) if (isLive(task)) turn.state.unreconciled.add(task.id);
  continueReconciling(turn);
};

/** Runs whose launch did not arrive for certain are asked for soon. */
export const askFor = (turn: Turn, taskIds: readonly string[]): void => {
  for (const id of taskIds) turn.state.unreconciled.add(id);
  turn.state.reconcileAttempts = 0;
  turn.setTimer('reconcile', FIRST_WAIT_MS);
};

export const continueReconciling = (turn: Turn): void => {
  const { state } = turn;
  if (!state.isConnected) return;
  const open = [...state.tasks.values()].filter((task) => state.unreconciled.has(task.id));
  state.unreconciled.clear();
  for (const task of open) if (isLive(task)) state.unreconciled.add(task.id);
  if (state.unreconciled.size === 0 && state.isReconciled) {
    turn.setTimer('reconcile', PERIOD_MS);
    return;
  }
  const tasks = open
    .filter(isLive)
    .map(({ id, agentId }) => ({ task_id: { value: id }, agent_id: { value: agentId } }));
  // Tasks of agents that have come back since are told only to who asks again.
  if (!state.isReconciled) turn.call({ type: 'RECONCILE', reconcile: { tasks: [] } });
  const last = state.isReconciled ? [] : [{ task_id: { value: LAST_ASKED } }];
  turn.call({ type: 'RECONCILE', reconcile: { tasks: [...tasks, ...last] } });
  const waitMs = Math.min(FIRST_WAIT_MS * 2 ** state.reconcileAttempts, LONGEST_WAIT_MS);
  state.reconcileAttempts++;
  turn.setTimer('reconcile', waitMs);
};
