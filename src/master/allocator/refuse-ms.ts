import type { Filters } from '../../mesos/generated/mesos.ts';

const DEFAULT_REFUSE_SECONDS = 5;
const MAX_REFUSE_SECONDS = 365 * 24 * 3600;

/** How long a call's filters refuse what it leaves, in ms (mesos.md 1.14): 5 s unless told, a year at most, 0 not at all. */
export const refuseMs = (filters: Filters | undefined): number => {
  const seconds = filters?.refuse_seconds ?? DEFAULT_REFUSE_SECONDS;
  const isUsable = seconds >= 0;
  return 1000 * Math.min(isUsable ? seconds : DEFAULT_REFUSE_SECONDS, MAX_REFUSE_SECONDS);
};
