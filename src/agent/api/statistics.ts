import type { ContainerStatus, Resource, ResourceStatistics, TaskInfo } from '../../mesos/generated/mesos.ts';
import { scalarOf } from '../../mesos/resources/traits.ts';
import type { AgentState, ContainerRecord, Run } from '../core/state.ts';
import { type ProcessRow, readProcessTable, treeOf } from '../processes/process-table.ts';
import type { RunningExecutor } from '../resources/qos-controller.ts';

const MEBIBYTE = 1024 * 1024;

/** What one run of an executor uses. */
export interface RunUsage {
  readonly run: Run;
  readonly pid: number | undefined;
  readonly status: Partial<ContainerStatus>;
  readonly statistics: ResourceStatistics;
}

/** Figures about one container, from whoever keeps it apart. */
export interface ContainerFigures {
  usage(containerId: string): Promise<Partial<ResourceStatistics>>;
  status(containerId: string): Promise<Partial<ContainerStatus>>;
}

/**
 * What everything that runs here uses: by the kernel's count for containers that have cgroups, else, and where those say
 * nothing, by one look at the processes of the machine.
 */
export const measureUsage = async (
  state: AgentState,
  nowMs: number,
  figures: ContainerFigures,
): Promise<RunUsage[]> => {
  const running = [...state.runs.values()].filter(({ containers }) => containers.size > 0);
  const table = running.length === 0 ? [] : readProcessTable();
  return Promise.all(
    running.map(async (run) => {
      const containers = [...run.containers].flatMap((id) => state.containers.get(id) ?? []);
      const roots = containers.flatMap(({ process }) => process?.pid ?? []);
      const processes = new Map<number, ProcessRow>();
      for (const root of roots) {
        for (const row of treeOf(root, table)) processes.set(row.pid, row);
      }
      const own = await Promise.all(ownersIn(run, containers).map((id) => figures.usage(id)));
      return {
        run,
        pid: roots[0],
        status: containers[0] ? await figures.status(containers[0].id) : {},
        statistics: {
          ...statisticsOf([...processes.values()], resourcesOf(run), nowMs),
          ...own.reduce(sumOf, {}),
        },
      };
    }),
  );
};

/** One container for each whose limits count: of those that share their executor's the first. */
const ownersIn = ({ tasks }: Run, containers: readonly ContainerRecord[]): string[] => {
  const owners = new Map<string, string>();
  for (const { id, parentId, taskId = '' } of containers) {
    const isShared = tasks.get(taskId)?.info.container?.linux_info?.share_cgroups !== false;
    const owner = isShared ? (parentId ?? id) : id;
    if (!owners.has(owner)) owners.set(owner, id);
  }
  return [...owners.values()];
};

const sumOf = (
  one: Partial<ResourceStatistics>,
  other: Partial<ResourceStatistics>,
): Partial<ResourceStatistics> => {
  const sum: Record<string, unknown> = { ...one };
  for (const [name, value] of Object.entries(other)) {
    const before = sum[name];
    sum[name] = typeof before === 'number' && typeof value === 'number' ? before + value : value;
  }
  return sum;
};

/** As QoS controllers see it. */
export const runningExecutor = ({ run, statistics }: RunUsage): RunningExecutor => ({
  containerId: run.record.id,
  frameworkId: run.record.frameworkId,
  executorId: run.record.executorId,
  resources: resourcesOf(run),
  statistics,
});

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
