/** The load of a machine; `src/runtime` measures it. */
interface MachineLoad {
  readonly cpus: number;
  readonly load1: number;
  readonly load5: number;
  readonly load15: number;
  readonly memFreeBytes: number;
  readonly memTotalBytes: number;
}

/** The part of the metrics that masters and agents have alike (mesos.md 3.12). */
export const systemMetrics = (load: MachineLoad): Record<string, number> => ({
  'system/cpus_total': load.cpus,
  'system/load_1min': load.load1,
  'system/load_5min': load.load5,
  'system/load_15min': load.load15,
  'system/mem_free_bytes': load.memFreeBytes,
  'system/mem_total_bytes': load.memTotalBytes,
});

/** The same under the names of /system/stats.json. */
export const systemStatistics = (load: MachineLoad): Record<string, number> => ({
  avg_load_15min: load.load15,
  avg_load_1min: load.load1,
  avg_load_5min: load.load5,
  cpus_total: load.cpus,
  mem_free_bytes: load.memFreeBytes,
  mem_total_bytes: load.memTotalBytes,
});
