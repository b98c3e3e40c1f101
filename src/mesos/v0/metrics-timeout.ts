import { parseDuration } from '../duration-text.ts';

/** What is wrong about the `timeout` of /metrics/snapshot. Every number is there at once: it has nothing to do but to be right. */
export const metricsTimeoutProblem = (text: string | null): string | undefined => {
  if (text === null) return undefined;
  const timeout = parseDuration(text);
  return timeout instanceof Error ? `Invalid timeout '${text}': ${timeout.message}\n` : undefined;
};
