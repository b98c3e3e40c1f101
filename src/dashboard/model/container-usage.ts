/** What a container has used by a moment. */
export interface ContainerUsage {
  readonly atMs: number;
  /** Processor time since its start, in seconds. */
  readonly cpuSeconds: number;
  readonly memoryBytes: number;
  /** 0 where there is none. */
  readonly memoryLimitBytes: number;
  readonly processes: number;
}

/** Reads an agent's metrics of a container; undefined when it has none. */
export const usageOf = (answer: unknown): ContainerUsage | undefined => {
  const { datapoints = [] } = (answer ?? {}) as {
    datapoints?: readonly { readonly name: string; readonly value: number; readonly timestamp: string }[];
  };
  const [first] = datapoints;
  if (first === undefined) return undefined;
  const value = (name: string): number => datapoints.find((point) => point.name === name)?.value ?? 0;
  return {
    atMs: Date.parse(first.timestamp),
    cpuSeconds: value('cpus.user_time_secs') + value('cpus.system_time_secs'),
    memoryBytes: value('mem.rss_bytes') || value('mem.total_bytes'),
    memoryLimitBytes: value('mem.limit_bytes'),
    processes: value('processes'),
  };
};

/** Five minutes at a look every three seconds, and the one before. */
const MOST_LOOKS = 101;

/** What was seen with one more look; the oldest goes when there are too many, and all of them with another container. */
export const withUsage = (
  seen: readonly ContainerUsage[],
  usage: ContainerUsage | undefined,
): readonly ContainerUsage[] => {
  const last = seen.at(-1);
  // Agents measure no more often than they like.
  if (usage === undefined || usage.atMs === last?.atMs) return seen;
  if (last !== undefined && (usage.atMs < last.atMs || usage.cpuSeconds < last.cpuSeconds)) return [usage];
  return [...seen.slice(1 - MOST_LOOKS), usage];
};

/** What was used by time, in columns of equal length; the first look only says from when on processors were used. */
export interface UsageSeries {
  readonly seconds: readonly number[];
  readonly cpus: readonly number[];
  readonly memoryBytes: readonly number[];
}

export const usageSeries = (seen: readonly ContainerUsage[]): UsageSeries => {
  const later = seen.slice(1);
  return {
    seconds: later.map(({ atMs }) => atMs / 1_000),
    cpus: later.map((usage, index) => cpusBetween(seen[index] ?? usage, usage)),
    memoryBytes: later.map(({ memoryBytes }) => memoryBytes),
  };
};

/** How many processors; looks of one container follow each other in time and add up. */
const cpusBetween = (earlier: ContainerUsage, later: ContainerUsage): number =>
  later.atMs > earlier.atMs
    ? (later.cpuSeconds - earlier.cpuSeconds) / ((later.atMs - earlier.atMs) / 1_000)
    : 0;
