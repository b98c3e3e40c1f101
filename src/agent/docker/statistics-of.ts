import type { ResourceStatistics } from '../../mesos/generated/mesos.ts';
import { isRecord } from '../../registry/manifest.ts';

/** The engine's numbers in Mesos' words; what it does not tell is left out. */
export const statisticsOf = (stats: Readonly<Record<string, unknown>>): Partial<ResourceStatistics> => {
  const cpu = numbersIn(stats.cpu_stats, 'cpu_usage');
  const throttling = numbersIn(stats.cpu_stats, 'throttling_data');
  const memory = isRecord(stats.memory_stats) ? stats.memory_stats : {};
  const details = numbersIn(memory, 'stats');
  const seconds = (nanoseconds: number | undefined): number | undefined =>
    nanoseconds === undefined ? undefined : nanoseconds / 1e9;
  const found = {
    cpus_user_time_secs: seconds(cpu.usage_in_usermode),
    cpus_system_time_secs: seconds(cpu.usage_in_kernelmode),
    cpus_nr_periods: throttling.periods,
    cpus_nr_throttled: throttling.throttled_periods,
    cpus_throttled_time_secs: seconds(throttling.throttled_time),
    mem_total_bytes: numberOf(memory.usage),
    mem_limit_bytes: numberOf(memory.limit),
    mem_rss_bytes: details.rss ?? details.anon,
    mem_cache_bytes: details.cache ?? details.file,
    processes: numbersIn(stats, 'pids_stats').current,
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
};

const numbersIn = (value: unknown, field: string): Readonly<Record<string, number | undefined>> => {
  const inner = isRecord(value) ? value[field] : undefined;
  if (!isRecord(inner)) return {};
  return Object.fromEntries(Object.entries(inner).map(([name, some]) => [name, numberOf(some)]));
};

const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
