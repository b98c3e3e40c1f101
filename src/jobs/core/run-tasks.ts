import { isTerminal } from '../../mesos/task-state.ts';
import type { JobsState, Run, RunTask } from './state.ts';

/** The task that a run has at the moment: launched, and not known to have ended. */
export const liveTask = ({ tasks }: Run): RunTask | undefined => {
  const last = tasks.at(-1);
  return last === undefined || last.completedAtMs !== undefined || isTerminal(last.state) ? undefined : last;
};

/** A run that is to be launched, now or after its back-off. */
export const isWaiting = (run: Run): boolean => !run.isStopping && liveTask(run) === undefined;

/** A run with one of its tasks replaced. */
export const withTask = (run: Run, task: RunTask): Run => ({
  ...run,
  tasks: run.tasks.map((known) => (known.id === task.id ? task : known)),
});

const RUN_ID = /_(\d{14}[A-Za-z0-9]{5})\.[^.]+$/;

/** A task's id names the job and the run, and tells attempts apart: `prod_clean-up_20160715130259A34HX.1`. */
export const taskIdOf = (run: Run): string =>
  `${run.jobId.replaceAll('.', '_')}_${run.id}.${run.tasks.length + 1 + run.failures}`;

export const runOfTask = ({ runs }: JobsState, taskId: string): Run | undefined =>
  runs.get(RUN_ID.exec(taskId)?.[1] ?? '');
