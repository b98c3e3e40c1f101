import type { MarathonApp, MarathonTaskFailure } from '../../clients/marathon-types.ts';
import type { Progress } from '../output/progress.ts';

/** Tells of every failure of a task of the apps' present versions once, as it is seen. */
export const failureNotes = (progress: Progress): ((apps: readonly MarathonApp[]) => void) => {
  const told = new Set<string>();
  return (apps) => {
    for (const app of apps) {
      const failure = recentFailure(app);
      if (failure === undefined || told.has(failure.taskId)) continue;
      told.add(failure.taskId);
      progress.note(failureText(failure));
    }
  };
};

/** What failed of an earlier version says nothing about this one. */
export const recentFailure = ({ lastTaskFailure, version }: MarathonApp): MarathonTaskFailure | undefined =>
  lastTaskFailure?.version === version ? lastTaskFailure : undefined;

export const failureText = ({ taskId, host, state, message }: MarathonTaskFailure): string =>
  `${taskId} failed on ${host} (${state}): ${message || 'no reason was given'}`;
