import type { JobDefinition } from '../definitions/job.ts';
import { beginRun, MOST_RUNS, runsOf } from './begin-run.ts';
import type { JobRecord } from './state.ts';
import type { Turn } from './turn.ts';

/** The ids along which a job would come to depend on itself; undefined when it does not. */
export const dependencyCycle = (
  jobs: ReadonlyMap<string, JobRecord>,
  job: JobDefinition,
): string[] | undefined => {
  const dependenciesOf = (id: string): readonly { readonly id: string }[] =>
    (id === job.id ? job : jobs.get(id)?.definition)?.dependencies ?? [];
  const seen = new Set<string>();
  const search = (id: string, path: readonly string[]): string[] | undefined => {
    for (const dependency of dependenciesOf(id)) {
      if (dependency.id === job.id) return [...path, job.id];
      if (seen.has(dependency.id)) continue;
      seen.add(dependency.id);
      const found = search(dependency.id, [...path, dependency.id]);
      if (found) return found;
    }
    return undefined;
  };
  return search(job.id, [job.id]);
};

/** Begins the jobs of which a success was the last that they waited for: all that they depend on has succeeded since. */
export const triggerDependents = (turn: Turn, jobId: string): void => {
  const { state } = turn;
  for (const [id, record] of state.jobs) {
    const { dependencies } = record.definition;
    if (!dependencies.some((dependency) => dependency.id === jobId)) continue;
    const since = record.lastTriggeredMs ?? Number.NEGATIVE_INFINITY;
    const isDue = dependencies.every(
      (dependency) =>
        (state.histories.get(dependency.id)?.lastSuccessAtMs ?? Number.NEGATIVE_INFINITY) > since,
    );
    if (!isDue) continue;
    turn.setJob(id, { ...record, lastTriggeredMs: turn.nowMs });
    if (runsOf(state, id).length < MOST_RUNS) beginRun(turn, record.definition, {});
  }
};
