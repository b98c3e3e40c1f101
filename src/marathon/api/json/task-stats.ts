import type { AppDefinition } from '../../definitions/app.ts';
import type { InstanceView } from '../../engine.ts';
import { hasTask } from './task-json.ts';

/** How many tasks of an app there are, and for how long, by what they were started with (marathon.md 1.6.2). */
export const taskStats = (
  instances: readonly InstanceView[],
  { versionInfo }: AppDefinition,
  nowMs: number,
): object => {
  const tasks = instances.filter(hasTask);
  const lastScalingMs = Date.parse(versionInfo.lastScalingAt);
  const isLatest = ({ appVersion }: InstanceView): boolean => appVersion >= versionInfo.lastConfigChangeAt;
  const categories = {
    startedAfterLastScaling: tasks.filter(({ task }) => (task?.startedAtMs ?? nowMs) >= lastScalingMs),
    withLatestConfig: tasks.filter(isLatest),
    withOutdatedConfig: tasks.filter((task) => !isLatest(task)),
    totalSummary: tasks,
  };
  return Object.fromEntries(
    Object.entries(categories)
      .filter(([, members]) => members.length > 0)
      .map(([name, members]) => [
        name,
        { stats: { counts: countsOf(members), ...lifeTime(members, nowMs) } },
      ]),
  );
};

const countsOf = (instances: readonly InstanceView[]): object => {
  const running = instances.filter(({ condition }) => condition === 'Running');
  const checked = running.filter(({ healthResults }) => healthResults.length > 0);
  const healthy = checked.filter(({ healthResults }) => healthResults.every(({ alive }) => alive));
  return {
    staged: instances.filter(({ condition }) => condition === 'Staging' || condition === 'Provisioned')
      .length,
    running: running.length,
    healthy: healthy.length,
    unhealthy: checked.length - healthy.length,
  };
};

const lifeTime = (instances: readonly InstanceView[], nowMs: number): object => {
  const seconds = instances
    .flatMap(({ task }) => (task?.startedAtMs === undefined ? [] : (nowMs - task.startedAtMs) / 1000))
    .sort((one, other) => one - other);
  if (seconds.length === 0) return {};
  const middle = Math.floor(seconds.length / 2);
  const upper = seconds[middle] ?? 0;
  const lower = seconds.length % 2 === 0 ? (seconds[middle - 1] ?? upper) : upper;
  return {
    lifeTime: {
      averageSeconds: seconds.reduce((sum, one) => sum + one, 0) / seconds.length,
      medianSeconds: (lower + upper) / 2,
    },
  };
};
