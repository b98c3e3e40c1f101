import { endRun } from './end-run.ts';
import { isWaiting, liveTask, withTask } from './run-tasks.ts';
import type { Run } from './state.ts';
import type { Turn } from './turn.ts';
import { endTask } from './updates.ts';

/** A task that the master has not reached for so long is given up, as Marathon's default has it. */
const LONGEST_UNREACHABLE_MS = 15 * 60_000;

/** Gives up what has waited for too long: runs for an offer, the master for an agent. */
export const giveUp = (turn: Turn): void => {
  for (const run of [...turn.state.runs.values()]) {
    if (isWaiting(run) && turn.nowMs >= run.launchByMs) {
      endRun(turn, run, 'failure', `No offer had what it needs for ${run.definition.maxLaunchDelay} s`);
      continue;
    }
    const task = liveTask(run);
    if (task?.unreachableAtMs === undefined) continue;
    if (turn.nowMs < task.unreachableAtMs + LONGEST_UNREACHABLE_MS) continue;
    // Should it come back, it is a task that nobody knows, and is killed.
    const gone = { ...task, state: 'TASK_GONE' as const, completedAtMs: turn.nowMs };
    endTask(turn, withTask(run, gone), gone);
  }
};

/** Runs that would take an offer now, in the order in which they began. */
export const readyRuns = ({ state, nowMs }: Turn): Run[] =>
  [...state.runs.values()].filter((run) => isWaiting(run) && run.notBeforeMs <= nowMs);

/** Says whether offers are wanted, when that is news, and sets the timer for what changes by time alone. */
export const settle = (turn: Turn): void => {
  const { state, nowMs } = turn;
  const wanted = readyRuns(turn).length > 0 ? 'offers' : 'none';
  if (state.isConnected && state.interest !== wanted) {
    turn.call(wanted === 'offers' ? { type: 'REVIVE' } : { type: 'SUPPRESS' });
    state.interest = wanted;
  }
  const times = [...state.runs.values()].flatMap((run) => {
    const task = liveTask(run);
    if (isWaiting(run)) return run.notBeforeMs > nowMs ? [run.notBeforeMs] : [run.launchByMs];
    return task?.unreachableAtMs === undefined ? [] : [task.unreachableAtMs + LONGEST_UNREACHABLE_MS];
  });
  if (times.length === 0) turn.cancelTimer('runs');
  else turn.setTimer('runs', Math.max(0, Math.min(...times) - nowMs));
};
