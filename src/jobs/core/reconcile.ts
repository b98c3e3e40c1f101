import { liveTask } from './run-tasks.ts';
import type { RunTask } from './state.ts';
import type { Turn } from './turn.ts';

const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 60_000;

/** Asks what became of all tasks while there was no line to the master (mesos.md 1.10), and of those that we forgot. */
export const reconcileAll = (turn: Turn): void => {
  turn.state.unreconciled.clear();
  for (const { id } of liveTasks(turn)) turn.state.unreconciled.add(id);
  turn.state.reconcileAttempts = 0;
  turn.call({ type: 'RECONCILE', reconcile: { tasks: [] } });
  continueReconciling(turn);
};

/** Launches of which it is not known whether they arrived are asked for soon. */
export const askFor = (turn: Turn, taskIds: readonly string[]): void => {
  for (const id of taskIds) turn.state.unreconciled.add(id);
  turn.state.reconcileAttempts = 0;
  turn.setTimer('reconcile', FIRST_WAIT_MS);
};

/** Asks again for what was not answered, ever more rarely. */
export const continueReconciling = (turn: Turn): void => {
  const { state } = turn;
  if (!state.isConnected) return;
  const open = liveTasks(turn).filter(({ id }) => state.unreconciled.has(id));
  if (open.length === 0) return;
  turn.call({
    type: 'RECONCILE',
    reconcile: {
      tasks: open.map(({ id, agentId }) => ({ task_id: { value: id }, agent_id: { value: agentId } })),
    },
  });
  turn.setTimer('reconcile', Math.min(FIRST_WAIT_MS * 2 ** state.reconcileAttempts, LONGEST_WAIT_MS));
  state.reconcileAttempts += 1;
};

const liveTasks = ({ state }: Turn): RunTask[] =>
  [...state.runs.values()].flatMap((run) => liveTask(run) ?? []);
