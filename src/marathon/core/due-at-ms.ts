import { pausedUntilMs } from './rollout/pauses.ts';
import type { Deployment } from './state.ts';

/** When a deployment fails unless it gets on; never without a deadline, nor while it waits for somebody. Pauses do not count. */
export const dueAtMs = (deployment: Deployment): number => {
  const { deadline } = deployment;
  if (deadline === undefined) return Number.POSITIVE_INFINITY;
  return Math.max(deadline.progressedAtMs, pausedUntilMs(deployment)) + deadline.limitMs;
};
