import type { MarathonTask } from '../../clients/marathon-types.ts';
import type { Column } from '../output/table.ts';

/** A task is healthy when all of its checks say so; one without checks is. */
const isHealthy = ({ healthCheckResults = [] }: MarathonTask): boolean =>
  healthCheckResults.every(({ alive }) => alive);

/** The columns of `dcos marathon task list` (cli.md 4.7). */
export const MARATHON_TASK_COLUMNS: readonly Column<MarathonTask>[] = [
  { heading: 'APP', value: ({ appId }) => appId },
  {
    heading: 'HEALTHY',
    value: (task) => (isHealthy(task) ? 'True' : 'False'),
    style: (task, paint) => (isHealthy(task) ? paint.good : paint.bad),
  },
  { heading: 'STARTED', value: ({ startedAt = 'N/A' }) => startedAt },
  { heading: 'HOST', value: ({ host }) => host },
  { heading: 'ID', value: ({ id }) => id },
  { heading: 'ROLE', value: ({ role }) => role },
];
