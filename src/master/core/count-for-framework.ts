import type { Framework } from './state.ts';
import type { Turn } from './turn.ts';

/** Counts for a metric of one framework, such as `calls/accept` (mesos.md 3.12). */
export const countForFramework = (
  { state }: Turn,
  { id }: Pick<Framework, 'id'>,
  metric: `${'calls' | 'events' | 'operations' | 'offers' | 'tasks/terminal'}/${string}`,
  by = 1,
): void => {
  const counters = state.frameworkCounters.get(id) ?? new Map<string, number>();
  state.frameworkCounters.set(id, counters);
  counters.set(metric, (counters.get(metric) ?? 0) + by);
};
