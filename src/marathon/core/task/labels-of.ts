import type { Labels } from '../../../mesos/generated/mesos.ts';

/** Labels as a field of a message; no field when there are none. */
export const labelsOf = (labels: Readonly<Record<string, string>>): { labels?: Labels } => {
  const entries = Object.entries(labels).map(([key, value]) => ({ key, value }));
  return entries.length === 0 ? {} : { labels: { labels: entries } };
};
