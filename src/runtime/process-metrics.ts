import type { MetricFamily } from './prometheus-text.ts';

/** What every process tells of itself, under the names that Prometheus' own clients use. */
export const processMetrics = (): MetricFamily[] => {
  const { rss, heapUsed, heapTotal, external } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return [
    counter('process_cpu_seconds_total', 'User and system time spent', (user + system) / 1e6),
    gauge('process_resident_memory_bytes', 'Memory that is in use', rss),
    gauge('process_start_time_seconds', 'When it started, since the epoch', startedSeconds()),
    gauge('nodejs_heap_size_used_bytes', 'Heap that is in use', heapUsed),
    gauge('nodejs_heap_size_total_bytes', 'Heap that is had', heapTotal),
    gauge('nodejs_external_memory_bytes', 'Memory of buffers outside of the heap', external),
  ];
};

const startedSeconds = (): number => Math.round(performance.timeOrigin / 1000);

const gauge = (name: string, help: string, value: number): MetricFamily => ({
  name,
  help,
  type: 'gauge',
  samples: [{ labels: {}, value }],
});

const counter = (name: string, help: string, value: number): MetricFamily => ({
  ...gauge(name, help, value),
  type: 'counter',
});
