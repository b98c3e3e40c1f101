import type { AgentContainer } from '../../clients/agent-monitor-client.ts';
import type { MesosSlave, MesosTask } from '../../clients/mesos-types.ts';

/** What a cluster told at one moment. */
export interface TopSample {
  /** On a clock that only goes on. */
  readonly atMs: number;
  readonly slaves: readonly MesosSlave[];
  readonly tasks: readonly MesosTask[];
  /** By agent id; missing for those that could not be asked. */
  readonly containers: ReadonlyMap<string, readonly AgentContainer[]>;
}

/** How much of something is given away, and how much there is. */
export interface Share {
  readonly used: number;
  readonly total: number;
}

export interface TopRow {
  readonly id: string;
  readonly name: string;
  readonly host: string;
  readonly state: string;
  /** Processors that are in use, of late; undefined until it was measured twice. */
  readonly cpus: number | undefined;
  readonly cpusLimit: number | undefined;
  /** In bytes. */
  readonly memory: number | undefined;
  readonly memoryLimit: number | undefined;
  /** How long it has been in its state. */
  readonly ageMs: number;
}

export interface TopView {
  readonly agents: { readonly active: number; readonly all: number };
  readonly cpus: Share;
  /** In MiB. */
  readonly memory: Share;
  readonly disk: Share;
  readonly tasks: { readonly running: number; readonly starting: number; readonly other: number };
  readonly rows: readonly TopRow[];
}

export const SORT_KEYS = ['cpu', 'mem', 'name', 'age'] as const;

export type SortKey = (typeof SORT_KEYS)[number];

const STARTING = new Set(['TASK_STAGING', 'TASK_STARTING']);

/** What a cluster does: from what it tells now, and what it told before, which the use of processors is measured against. */
export const topView = (
  now: TopSample,
  { before, sort, nowMs }: { before: TopSample | undefined; sort: SortKey; nowMs: number },
): TopView => {
  const hosts = new Map(now.slaves.map(({ id, hostname }) => [id, hostname]));
  const usage = usageByExecutor(now);
  const usageBefore = before && usageByExecutor(before);
  const seconds = before ? (now.atMs - before.atMs) / 1_000 : 0;
  const rows = now.tasks.map((task): TopRow => {
    const key = keyOf(task.slave_id, task.framework_id, task.executor_id || task.id);
    const [used, usedBefore] = [usage.get(key), usageBefore?.get(key)];
    const spent = secondsOf(used);
    const spentBefore = secondsOf(usedBefore);
    const isMeasured = spent !== undefined && spentBefore !== undefined && seconds > 0;
    return {
      id: task.id,
      name: task.name,
      host: hosts.get(task.slave_id) ?? '',
      state: task.state,
      cpus: isMeasured ? Math.max(0, spent - spentBefore) / seconds : undefined,
      cpusLimit: used?.cpus_limit,
      memory: used?.mem_rss_bytes,
      memoryLimit: used?.mem_limit_bytes,
      ageMs: Math.max(0, nowMs - (task.statuses.at(-1)?.timestamp ?? nowMs / 1_000) * 1_000),
    };
  });
  return {
    agents: { active: now.slaves.filter(({ active }) => active).length, all: now.slaves.length },
    cpus: shareOf(now.slaves, 'cpus'),
    memory: shareOf(now.slaves, 'mem'),
    disk: shareOf(now.slaves, 'disk'),
    tasks: countsOf(now.tasks),
    rows: rows.sort(ORDERS[sort]),
  };
};

type Usage = AgentContainer['statistics'];

const keyOf = (...parts: readonly string[]): string => parts.join('\n');

const usageByExecutor = ({ containers }: TopSample): ReadonlyMap<string, Usage> =>
  new Map(
    [...containers].flatMap(([agent, all]) =>
      all.map(({ framework_id, executor_id, statistics }) => [
        keyOf(agent, framework_id, executor_id),
        statistics,
      ]),
    ),
  );

const secondsOf = (usage: Usage): number | undefined =>
  usage?.cpus_user_time_secs === undefined
    ? undefined
    : usage.cpus_user_time_secs + (usage.cpus_system_time_secs ?? 0);

const shareOf = (slaves: readonly MesosSlave[], name: string): Share => {
  const sum = (amounts: readonly (number | string | undefined)[]): number =>
    amounts.reduce<number>((total, amount) => total + Number(amount ?? 0), 0);
  return {
    used: sum(slaves.map(({ used_resources: used }) => used[name])),
    total: sum(slaves.map(({ resources }) => resources[name])),
  };
};

const countsOf = (tasks: readonly MesosTask[]): TopView['tasks'] => {
  const running = tasks.filter(({ state }) => state === 'TASK_RUNNING').length;
  const starting = tasks.filter(({ state }) => STARTING.has(state)).length;
  return { running, starting, other: tasks.length - running - starting };
};

const byName = (one: TopRow, other: TopRow): number => (one.id < other.id ? -1 : 1);

const ORDERS: Readonly<Record<SortKey, (one: TopRow, other: TopRow) => number>> = {
  cpu: (one, other) => (other.cpus ?? -1) - (one.cpus ?? -1) || byName(one, other),
  mem: (one, other) => (other.memory ?? -1) - (one.memory ?? -1) || byName(one, other),
  name: byName,
  age: (one, other) => one.ageMs - other.ageMs || byName(one, other),
};
