import type { MarathonApp, MarathonDeployment, MarathonQueueItem } from '../../clients/marathon-types.ts';
import { formatNumber } from '../output/format.ts';
import type { Column } from '../output/table.ts';
import { actionWord } from './describe-deployment.ts';

export interface AppRow {
  readonly app: MarathonApp;
  /** What is under way with it. */
  readonly actions: readonly string[];
  /** It has instances to launch and no offer that suits. */
  readonly isWaiting: boolean;
}

/** Apps with what is under way, in the order of their ids. */
export const appRows = (
  apps: readonly MarathonApp[],
  deployments: readonly MarathonDeployment[],
  queue: readonly MarathonQueueItem[],
): AppRow[] => {
  const waiting = new Set(queue.filter(({ delay }) => delay.overdue).map(({ app }) => app?.id));
  const actions = deployments.flatMap(({ currentActions }) => currentActions);
  return [...apps]
    .sort((one, other) => (one.id < other.id ? -1 : 1))
    .map((app) => ({
      app,
      actions: actions.filter((action) => action.app === app.id).map(actionWord),
      isWaiting: waiting.has(app.id),
    }));
};

const NONE = '---';

/** The columns of `dcos marathon app list` (cli.md 4.3). */
export const APP_COLUMNS: readonly Column<AppRow>[] = [
  { heading: 'ID', value: ({ app }) => app.id },
  { heading: 'MEM', value: ({ app }) => formatNumber(app.mem), isNumber: true },
  { heading: 'CPUS', value: ({ app }) => formatNumber(app.cpus), isNumber: true },
  {
    heading: 'TASKS',
    value: ({ app }) => `${app.tasksRunning ?? 0}/${app.instances ?? 1}`,
    style: ({ app }, paint) => ((app.tasksRunning ?? 0) < (app.instances ?? 1) ? paint.busy : paint.good),
  },
  {
    heading: 'HEALTH',
    value: ({ app }) => (hasHealthChecks(app) ? `${app.tasksHealthy ?? 0}/${app.tasksRunning ?? 0}` : NONE),
    style: ({ app }, paint) => (hasHealthChecks(app) && app.tasksUnhealthy ? paint.bad : (text) => text),
  },
  {
    heading: 'DEPLOYMENT',
    value: ({ actions }) => (actions.length > 1 ? `(${actions.join(',')})` : (actions[0] ?? NONE)),
  },
  {
    heading: 'WAITING',
    value: ({ isWaiting }) => String(isWaiting),
    style: ({ isWaiting }, paint) => (isWaiting ? paint.busy : (text) => text),
  },
  { heading: 'CONTAINER', value: ({ app }) => app.container?.type ?? 'MESOS' },
  { heading: 'CMD', value: ({ app }) => commandOf(app), isCut: true },
  { heading: 'ROLE', value: ({ app }) => app.role },
  { heading: 'DISK', value: ({ app }) => formatNumber(app.disk), isNumber: true, isWide: true },
  { heading: 'IMAGE', value: ({ app }) => app.container?.docker?.image, isWide: true },
  { heading: 'VERSION', value: ({ app }) => app.version, isWide: true },
];

const hasHealthChecks = ({ healthChecks = [] }: MarathonApp): boolean => healthChecks.length > 0;

const LONGEST_COMMAND = 60;

const commandOf = ({ cmd, args }: MarathonApp): string => {
  const text = cmd ?? (args && args.length > 0 ? `[${args.join(', ')}]` : NONE);
  return text.length < LONGEST_COMMAND ? text : `${text.slice(0, LONGEST_COMMAND - 3)}...`;
};
