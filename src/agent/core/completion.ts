import { MAX_COMPLETED_EXECUTORS_PER_FRAMEWORK, MAX_COMPLETED_FRAMEWORKS } from './settings.ts';
import type { Framework, Run } from './state.ts';
import { frameworkKey, runKey, type Turn, taskKey } from './turn.ts';

/** Moves a run to the history of its framework once it is over and all its tasks are. */
export const completeRunIfOver = (turn: Turn, run: Run): void => {
  const { record } = run;
  const framework = turn.state.frameworks.get(record.frameworkId);
  if (!framework || record.phase !== 'terminated' || run.tasks.size > 0 || record.isCompleted) return;
  record.isCompleted = true;
  turn.saveRun(record);
  if (framework.runs.get(record.executorId) === run) framework.runs.delete(record.executorId);
  framework.completedRuns.push(run);
  turn.state.runs.delete(record.id);
  while (framework.completedRuns.length > MAX_COMPLETED_EXECUTORS_PER_FRAMEWORK) {
    forgetRun(turn, framework.completedRuns.shift());
  }
  forgetOldFrameworks(turn);
};

/** A framework without anything under way is history; only so many of those are kept. */
export const isFrameworkActive = ({ runs }: Framework): boolean => runs.size > 0;

const forgetOldFrameworks = (turn: Turn): void => {
  const completed = [...turn.state.frameworks].filter(([, framework]) => !isFrameworkActive(framework));
  for (const [id, framework] of completed.slice(
    0,
    Math.max(0, completed.length - MAX_COMPLETED_FRAMEWORKS),
  )) {
    for (const run of framework.completedRuns) forgetRun(turn, run);
    turn.state.frameworks.delete(id);
    turn.save(frameworkKey(id), undefined);
  }
};

const forgetRun = (turn: Turn, run: Run | undefined): void => {
  if (!run) return;
  for (const task of run.completedTasks) turn.save(taskKey(task), undefined);
  turn.save(runKey(run.record.id), undefined);
};
