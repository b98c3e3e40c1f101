import type { MesosSlave, MesosTask } from '../../clients/mesos-types.ts';
import { formatNumber } from '../output/format.ts';
import type { Column } from '../output/table.ts';
import { hasEnded } from './find-tasks.ts';

export interface TaskRow {
  readonly task: MesosTask;
  /** Missing when the agent is gone. */
  readonly slave: MesosSlave | undefined;
  readonly user: string | undefined;
}

/** Tasks with the agents that they run on, and as whom: their own users, else those of their frameworks. */
export const taskRows = (
  tasks: readonly MesosTask[],
  slaves: readonly MesosSlave[],
  frameworkUsers: ReadonlyMap<string, string>,
): TaskRow[] => {
  const byId = new Map(slaves.map((slave) => [slave.id, slave]));
  return tasks.map((task) => ({
    task,
    slave: byId.get(task.slave_id),
    user: task.user ?? frameworkUsers.get(task.framework_id),
  }));
};

const NOWHERE = 'N/A';

/** The columns of `dcos task list` (cli.md 6.1). */
export const TASK_COLUMNS: readonly Column<TaskRow>[] = [
  { heading: 'NAME', value: ({ task }) => task.name },
  { heading: 'HOST', value: ({ slave }) => slave?.hostname },
  { heading: 'USER', value: ({ user }) => user },
  {
    heading: 'STATE',
    value: ({ task }) => task.state,
    style: ({ task }, paint) => {
      if (task.state === 'TASK_RUNNING' || task.state === 'TASK_FINISHED') return paint.good;
      return hasEnded(task) || task.state === 'TASK_UNREACHABLE' ? paint.bad : paint.busy;
    },
  },
  { heading: 'ID', value: ({ task }) => task.id },
  { heading: 'AGENT ID', value: ({ task }) => task.slave_id },
  { heading: 'REGION', value: ({ slave }) => slave?.domain?.fault_domain?.region?.name ?? NOWHERE },
  { heading: 'ZONE', value: ({ slave }) => slave?.domain?.fault_domain?.zone?.name ?? NOWHERE },
  { heading: 'FRAMEWORK ID', value: ({ task }) => task.framework_id, isWide: true },
  { heading: 'ROLE', value: ({ task }) => task.role, isWide: true },
  { heading: 'CPUS', value: ({ task }) => amountOf(task, 'cpus'), isNumber: true, isWide: true },
  { heading: 'MEM', value: ({ task }) => amountOf(task, 'mem'), isNumber: true, isWide: true },
];

const amountOf = ({ resources }: MesosTask, name: string): string => formatNumber(resources[name] ?? 0);
