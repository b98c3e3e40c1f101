import type { ShownApp, ShownTask } from './marathon-app.ts';

export interface RoutedTask extends ShownTask {
  readonly isDraining?: boolean;
}

/** An app whose tasks may be another app's, too. */
export interface MergedApp extends ShownApp {
  readonly tasks?: readonly RoutedTask[];
}

const GROUP = 'HAPROXY_DEPLOYMENT_GROUP';
const STARTED_AT = 'HAPROXY_DEPLOYMENT_STARTED_AT';
const TARGET = 'HAPROXY_DEPLOYMENT_TARGET_INSTANCES';

/**
 * Two apps of one deployment group, the old and the new one, become one: the old app's ports with the tasks of both. As
 * many of the old tasks are drained as new ones are healthy, but never so many that fewer than the target are left (marathon.md
 * 4.1). Of three and more the oldest are merged first.
 */
export const mergeDeploymentGroups = (apps: readonly ShownApp[]): MergedApp[] => {
  const merged: MergedApp[] = [];
  const groups = new Map<string, ShownApp[]>();
  for (const app of apps) {
    const group = app.labels?.[GROUP];
    if (group === undefined) merged.push(app);
    else groups.set(group, [...(groups.get(group) ?? []), app]);
  }
  for (const members of groups.values()) {
    const oldestFirst = members.sort((one, other) => startOf(one).localeCompare(startOf(other)));
    const [oldest, ...newer] = oldestFirst;
    if (oldest) merged.push(newer.reduce<MergedApp>(merge, oldest));
  }
  return merged;
};

const startOf = ({ id, labels = {} }: ShownApp): string => `${labels[STARTED_AT] ?? ''} ${id}`;

const merge = (old: MergedApp, next: ShownApp): MergedApp => {
  const target = Number(next.labels?.[TARGET] ?? next.instances ?? 0);
  const healthy = healthyInstances(next);
  const spare = Math.max(0, healthy + (old.instances ?? 0) - target);
  // Always the same ones, so that a server does not come and go.
  const oldTasks = [...(old.tasks ?? [])].sort((one, other) => one.id.localeCompare(other.id));
  const drained = Math.min(healthy, spare);
  return {
    ...old,
    tasks: [
      ...oldTasks.map((task, place) => (place < drained ? { ...task, isDraining: true } : task)),
      ...(next.tasks ?? []),
    ],
  };
};

const healthyInstances = ({ healthChecks = [], tasks = [], instances = 0 }: ShownApp): number => {
  if (healthChecks.length === 0) return Math.min(instances, tasks.length);
  return tasks.filter(
    ({ healthCheckResults = [] }) =>
      healthCheckResults.length > 0 && healthCheckResults.every(({ alive }) => alive === true),
  ).length;
};
