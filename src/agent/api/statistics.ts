import type { Resource, ResourceStatistics, TaskInfo } from '../../mesos/generated/mesos.ts';
import { scalarOf } from '../../mesos/resources/traits.ts';
import type { AgentState, Run } from '../core/state.ts';
import { type ProcessRow, readProcessTable, treeOf } from '../processes/process-table.ts';

const MEBIBYTE = 1024 * 1024;

/** What one run of an executor uses. */
export interface RunUsage {
  readonly run: Run;
  readonly pid: number | undefined;
  readonly statistics: ResourceStatistics;
}

/** What everything that runs here uses, from one look at the processes of the machine. */
export const measureUsage = (state: AgentState, nowMs: number): RunUsage[] => {
  const running = [...state.runs.values()].filter(({ containers }) => containers.size > 0);
  const table = running.length === 0 ? [] : readProcessTable();
  return running.map((run) => {
    const roots = [...run.containers].flatMap((id) => state.containers.get(id)?.process?.pid ?? []);
    const processes = new Map<number, ProcessRow>();
    for (const root of roots) {
      for (const row of treeOf(root, table)) processes.set(row.pid, row);
    }
    const statistics = statisticsOf([...processes.values()], resourcesOf(run), nowMs);
    return { run, pid: roots[0], statistics };
  });
};

/** What an executor and its tasks were given. */
export const resourcesOf = ({ record, tasks }: Run): Resource[] => [
  ...(record.info.resources ?? []),
  ...[...tasks.values()].flatMap(({ info }) => info.resources ?? []),
];

/** What is known of a nested or a standalone container: the limits that were asked for. */
export const nestedStatistics = (
  info: Pick<TaskInfo, 'resources'> | undefined,
  nowMs: number,
): ResourceStatistics => ({
  timestamp: nowMs / 1000,
  ...(info === undefined ? {} : limitsOf(info.resources ?? [])),
});

const limitsOf = (resources: readonly Resource[]) => {
  const memLimit = scalarOf(resources, 'mem') * MEBIBYTE;
  return {
    cpus_soft_limit: scalarOf(resources, 'cpus'),
    mem_limit_bytes: memLimit,
    mem_soft_limit_bytes: memLimit,
  };
};

const statisticsOf = (
  rows: readonly ProcessRow[],
  resources: readonly Resource[],
  nowMs: number,
): ResourceStatistics => {
  const sum = (value: (row: ProcessRow) => number): number =>
    rows.reduce((total, row) => total + value(row), 0);
  return {
    timestamp: nowMs / 1000,
    processes: rows.length,
    threads: sum(({ threads }) => threads),
    cpus_user_time_secs: round(sum(({ userSeconds }) => userSeconds)),
    cpus_system_time_secs: round(sum(({ systemSeconds }) => systemSeconds)),
    ...limitsOf(resources),
    mem_rss_bytes: sum(({ residentBytes }) => residentBytes),
  };
};

const round = (seconds: number): number => Math.round(seconds * 100) / 100;
