import type { SystemMetric } from '../../clients/system-client.ts';
import { formatBytes } from '../output/format.ts';
import type { Column } from '../output/table.ts';

const valueText = ({ value, unit }: SystemMetric): string => {
  if (unit === 'bytes') return formatBytes(value);
  if (unit === 'percent') return `${value.toFixed(2)}%`;
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
};

const tagsText = ({ tags = {} }: SystemMetric): string =>
  Object.entries(tags)
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ');

/** The columns of `dcos node metrics details` and `task metrics details` (cli.md 6.7, 7.6). */
export const METRIC_COLUMNS: readonly Column<SystemMetric>[] = [
  { heading: 'NAME', value: ({ name }) => name },
  { heading: 'VALUE', value: valueText, isNumber: true },
  { heading: 'TAGS', value: tagsText },
];

/** How much of something is in use, and which share of all that is. */
export interface Usage {
  readonly cpu: string;
  readonly mem: string;
  readonly disk: string;
}

export const USAGE_COLUMNS: readonly Column<Usage>[] = [
  { heading: 'CPU', value: ({ cpu }) => cpu },
  { heading: 'MEM', value: ({ mem }) => mem },
  { heading: 'DISK', value: ({ disk }) => disk },
];

const UNKNOWN = 'N/A';

const share = (part: number | undefined, whole: number | undefined): string =>
  part === undefined || !whole ? UNKNOWN : `${((100 * part) / whole).toFixed(2)}%`;

const metricOf = (metrics: readonly SystemMetric[], name: string): number | undefined =>
  metrics.find((metric) => metric.name === name && (metric.tags?.path ?? '/') === '/')?.value;

const bytesText = (used: number | undefined, all: number | undefined): string =>
  used === undefined ? UNKNOWN : `${formatBytes(used)} (${share(used, all)})`;

/** What a machine has in use: its load, memory and the disk of its root. */
export const nodeUsage = (metrics: readonly SystemMetric[]): Usage => {
  const of = (name: string): number | undefined => metricOf(metrics, name);
  const [load, busy] = [of('load.1min'), of('cpu.total')];
  const [total, free] = [of('memory.total'), of('memory.free')];
  const used = total === undefined || free === undefined ? undefined : total - free;
  return {
    cpu:
      load === undefined
        ? UNKNOWN
        : `${load.toFixed(2)} (${busy === undefined ? UNKNOWN : `${busy.toFixed(2)}%`})`,
    mem: bytesText(used, total),
    disk: bytesText(of('filesystem.capacity.used'), of('filesystem.capacity.total')),
  };
};

/** What a container has used: seconds of processors and the share in which it was not held back, memory, disk. */
export const taskUsage = (metrics: readonly SystemMetric[]): Usage => {
  const of = (name: string): number | undefined => metricOf(metrics, name);
  const seconds = (of('cpus.user_time_secs') ?? 0) + (of('cpus.system_time_secs') ?? 0);
  const throttled = of('cpus.throttled_time_secs') ?? 0;
  return {
    cpu: `${seconds.toFixed(2)} (${share(seconds, seconds + throttled)})`,
    mem: bytesText(of('mem.total_bytes'), of('mem.limit_bytes')),
    disk: bytesText(of('disk.used_bytes'), of('disk.limit_bytes')),
  };
};
