import type { MesosSlave } from '../clients/mesos-types.ts';
import { formatMiB, formatNumber } from './output/format.ts';
import type { Column } from './output/table.ts';

/** DRAINING, DRAINED, DEACTIVATED, UNREACHABLE or ACTIVE. */
export const nodeStatus = ({ drain_info: drain, deactivated, active }: MesosSlave): string => {
  if (drain) return drain.state;
  if (deactivated) return 'DEACTIVATED';
  return active ? 'ACTIVE' : 'INACTIVE';
};

/** `slave(1)@10.0.0.11:5051` */
const addressOf = ({ pid }: MesosSlave): string => /@(.*):\d+$/.exec(pid)?.[1] ?? '';

const NOWHERE = 'N/A';

const amountOf = (summary: Readonly<Record<string, number | string>>, name: string): number =>
  Number(summary[name] ?? 0);

/** The columns of `dcos node list` (cli.md 7.1), and what is in use. */
export const NODE_COLUMNS: readonly Column<MesosSlave>[] = [
  { heading: 'HOSTNAME', value: ({ hostname }) => hostname },
  { heading: 'IP', value: addressOf },
  { heading: 'ID', value: ({ id }) => id },
  {
    heading: 'TYPE',
    value: ({ attributes }) => (attributes.public_ip === 'true' ? 'agent (public)' : 'agent'),
  },
  {
    heading: 'STATUS',
    value: nodeStatus,
    style: (slave, paint) => (nodeStatus(slave) === 'ACTIVE' ? paint.good : paint.busy),
  },
  { heading: 'REGION', value: ({ domain }) => domain?.fault_domain?.region?.name ?? NOWHERE },
  { heading: 'ZONE', value: ({ domain }) => domain?.fault_domain?.zone?.name ?? NOWHERE },
  {
    heading: 'CPUS',
    value: ({ used_resources: used, resources }) =>
      `${formatNumber(amountOf(used, 'cpus'))}/${formatNumber(amountOf(resources, 'cpus'))}`,
  },
  {
    heading: 'MEM',
    value: ({ used_resources: used, resources }) =>
      `${formatMiB(amountOf(used, 'mem'))}/${formatMiB(amountOf(resources, 'mem'))}`,
  },
  {
    heading: 'DISK',
    value: ({ used_resources: used, resources }) =>
      `${formatMiB(amountOf(used, 'disk'))}/${formatMiB(amountOf(resources, 'disk'))}`,
    isWide: true,
  },
  {
    heading: 'ATTRIBUTES',
    value: ({ attributes }) =>
      Object.entries(attributes)
        .map(([name, value]) => `${name}:${value}`)
        .join(';'),
    isWide: true,
  },
  { heading: 'VERSION', value: ({ version }) => version, isWide: true },
];

/** The value of a field by its dotted path, as text. */
export const fieldText = (node: MesosSlave, path: string): string => {
  let value: unknown = node;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return '';
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};
