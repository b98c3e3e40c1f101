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

/** How many processors were used between two moments; undefined until there are two. */
export const cpusBetween = (
  earlier: ContainerUsage | undefined,
  later: ContainerUsage | undefined,
): number | undefined => {
  if (earlier === undefined || later === undefined || later.atMs <= earlier.atMs) return undefined;
  return Math.max(0, (later.cpuSeconds - earlier.cpuSeconds) / ((later.atMs - earlier.atMs) / 1_000));
};
