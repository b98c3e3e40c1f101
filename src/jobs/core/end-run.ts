import { triggerDependents } from './dependencies.ts';
import { type FinishedRun, NO_HISTORY, type Run } from './state.ts';
import type { Turn } from './turn.ts';

/** As many finished runs of each kind are remembered. */
const LONGEST_HISTORY = 10;

/**
 * Ends a run for good: it goes into the history of its job, and jobs that waited for it may begin. The reason is what its
 * last task said, unless there is another.
 */
export const endRun = (
  turn: Turn,
  run: Run,
  result: 'success' | 'failure',
  message = run.tasks.at(-1)?.message,
): void => {
  turn.removeRun(run);
  if (!turn.state.jobs.has(run.jobId)) return;
  const history = turn.state.histories.get(run.jobId) ?? NO_HISTORY;
  const finished: FinishedRun = {
    id: run.id,
    createdAtMs: run.createdAtMs,
    finishedAtMs: turn.nowMs,
    tasks: run.tasks.map(({ id }) => id),
    ...(message === undefined || message === '' ? {} : { message }),
  };
  if (result === 'success') {
    turn.setHistory(run.jobId, {
      ...history,
      successCount: history.successCount + 1,
      lastSuccessAtMs: turn.nowMs,
      successes: [finished, ...history.successes].slice(0, LONGEST_HISTORY),
    });
    triggerDependents(turn, run.jobId);
  } else {
    turn.setHistory(run.jobId, {
      ...history,
      failureCount: history.failureCount + 1,
      lastFailureAtMs: turn.nowMs,
      failures: [finished, ...history.failures].slice(0, LONGEST_HISTORY),
    });
  }
};
