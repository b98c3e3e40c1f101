import type { MarathonApp, MarathonPodStatus, MarathonTaskFailure } from '../../clients/marathon-types.ts';
import type { Progress } from '../output/progress.ts';

/** Something that ended though it should not have. */
interface Failure {
  /** No two have the same. */
  readonly key: string;
  readonly text: string;
}

/** Tells of every failure of the present versions of apps and pods once, as it is seen. */
export const failureNotes = (
  progress: Progress,
): ((apps: readonly MarathonApp[], pods?: readonly MarathonPodStatus[]) => void) => {
  const told = new Set<string>();
  return (apps, pods = []) => {
    for (const { key, text } of [...apps.flatMap(failuresOfApp), ...pods.flatMap(failuresOfPod)]) {
      if (told.has(key)) continue;
      told.add(key);
      progress.note(text);
    }
  };
};

const failuresOfApp = (app: MarathonApp): Failure[] => {
  const failure = recentFailure(app);
  return failure === undefined ? [] : [{ key: failure.taskId, text: failureText(failure) }];
};

const failuresOfPod = (pod: MarathonPodStatus): Failure[] =>
  recentEndings(pod).map((ending) => ({
    key: `${ending.instanceID} ${ending.terminatedAt}`,
    text: endingText(ending),
  }));

type PodEnding = NonNullable<MarathonPodStatus['terminationHistory']>[number];

/** What ended of an earlier version says nothing about this one. */
export const recentEndings = ({ spec, terminationHistory = [] }: MarathonPodStatus): PodEnding[] =>
  terminationHistory.filter(({ startedAt }) => startedAt >= (spec.version ?? ''));

export const endingText = ({ instanceID, message = 'no reason was given' }: PodEnding): string =>
  `${instanceID} ended: ${message}`;

/** What failed of an earlier version says nothing about this one. */
export const recentFailure = ({ lastTaskFailure, version }: MarathonApp): MarathonTaskFailure | undefined =>
  lastTaskFailure?.version === version ? lastTaskFailure : undefined;

export const failureText = ({ taskId, host, state, message }: MarathonTaskFailure): string =>
  `${taskId} failed on ${host} (${state}): ${message || 'no reason was given'}`;
