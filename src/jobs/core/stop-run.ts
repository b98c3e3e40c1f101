import { endRun } from './end-run.ts';
import { liveTask } from './run-tasks.ts';
import type { Run } from './state.ts';
import type { Turn } from './turn.ts';

const KILL_AGAIN_MS = 10_000;

/** Ends a run that somebody wants ended: at once when nothing of it runs, else when its task has. */
export const stopRun = (turn: Turn, run: Run): void => {
  const task = liveTask(run);
  if (task === undefined) {
    endRun(turn, run, 'failure', 'It was stopped before it ran');
    return;
  }
  if (!run.isStopping) turn.setRun({ ...run, isStopping: true });
  killTask(turn, task.id, task.agentId);
};

/** Asks for a task's end, and again until it has come. */
export const killTask = (turn: Turn, taskId: string, agentId: string | undefined): void => {
  turn.call({
    type: 'KILL',
    kill: { task_id: { value: taskId }, ...(agentId === undefined ? {} : { agent_id: { value: agentId } }) },
  });
  turn.setTimer(`kill ${taskId}`, KILL_AGAIN_MS);
};
