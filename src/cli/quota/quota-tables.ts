import type { MesosQuota } from '../../clients/mesos-types.ts';
import { formatMiB, formatNumber } from '../output/format.ts';
import type { Column } from '../output/table.ts';

const UNITS: Readonly<Record<string, (amount: number) => string>> = {
  cpus: (amount) => `${formatNumber(amount)} ${amount === 1 ? 'core' : 'cores'}`,
  mem: formatMiB,
  disk: formatMiB,
};

const amountText = (resource: string, amount: number): string =>
  UNITS[resource]?.(amount) ?? formatNumber(amount);

const percent = (consumed: number, limit: number): string =>
  `${(limit === 0 ? 100 : (100 * consumed) / limit).toFixed(2)}%`;

/** `25.00% (1 core of 4 cores)`, or that there is no limit. */
const consumption =
  (resource: string) =>
  (quota: MesosQuota): string => {
    const limit = quota.limit[resource];
    if (limit === undefined) return 'No limit';
    const consumed = quota.consumed?.[resource] ?? 0;
    return `${percent(consumed, limit)} (${amountText(resource, consumed)} of ${amountText(resource, limit)})`;
  };

/** The columns of `dcos quota list` (cli.md 10). */
export const QUOTA_COLUMNS: readonly Column<MesosQuota>[] = [
  { heading: 'NAME', value: ({ role }) => role },
  { heading: 'CPU CONSUMED', value: consumption('cpus') },
  { heading: 'MEMORY CONSUMED', value: consumption('mem') },
  { heading: 'DISK CONSUMED', value: consumption('disk') },
  { heading: 'GPU CONSUMED', value: consumption('gpus') },
];

/** What one resource of a quota is. */
export interface ResourceRow {
  readonly role: string;
  readonly resource: string;
  readonly consumed: number;
  readonly limit: number | undefined;
  readonly guarantee: number | undefined;
}

/** In the order of the resources' names. */
export const resourceRows = ({ role, limit, guarantee, consumed = {} }: MesosQuota): ResourceRow[] =>
  [...new Set([...Object.keys(limit), ...Object.keys(guarantee)])].sort().map((resource) => ({
    role,
    resource,
    consumed: consumed[resource] ?? 0,
    limit: limit[resource],
    guarantee: guarantee[resource],
  }));

const orNone = (resource: string, amount: number | undefined, none: string): string =>
  amount === undefined ? none : amountText(resource, amount);

/** The columns of `dcos quota get`, and the guarantee. */
export const RESOURCE_COLUMNS: readonly Column<ResourceRow>[] = [
  { heading: 'RESOURCE', value: ({ resource }) => resource },
  {
    heading: 'CONSUMPTION',
    value: ({ consumed, limit }) => (limit === undefined ? '-' : percent(consumed, limit)),
    isNumber: true,
  },
  { heading: 'LIMIT', value: ({ resource, limit }) => orNone(resource, limit, 'No limit') },
  { heading: 'GUARANTEE', value: ({ resource, guarantee }) => orNone(resource, guarantee, '-') },
  { heading: 'CONSUMED', value: ({ resource, consumed }) => amountText(resource, consumed) },
  { heading: 'ROLE', value: ({ role }) => role },
];
