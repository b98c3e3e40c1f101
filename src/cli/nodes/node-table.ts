import type { MesosSlave } from '../../clients/mesos-types.ts';
import { formatMiB, formatNumber } from '../output/format.ts';
import type { Column } from '../output/table.ts';
import { addressOf, type ClusterNode, isAgent } from './list-nodes.ts';

const NOWHERE = 'N/A';

const amountOf = (summary: MesosSlave['resources'], name: string): number => Number(summary[name] ?? 0);

/** Used of all, of an agent. */
const shareOf = (name: string, format: (amount: number) => string) => (node: ClusterNode) =>
  isAgent(node)
    ? `${format(amountOf(node.used_resources, name))}/${format(amountOf(node.resources, name))}`
    : undefined;

const typeOf = (node: ClusterNode): string =>
  isAgent(node) && node.attributes.public_ip === 'true' ? 'agent (public)' : node.type;

/** The columns of `dcos node list` (cli.md 7.1), and what is in use. */
export const NODE_COLUMNS: readonly Column<ClusterNode>[] = [
  { heading: 'HOSTNAME', value: (node) => (isAgent(node) ? node.hostname : node.host) },
  { heading: 'IP', value: (node) => (isAgent(node) ? addressOf(node.pid) : node.ip) },
  { heading: 'PUBLIC IP(S)', value: ({ public_ips: ips }) => ips.join(', ') },
  { heading: 'ID', value: ({ id }) => id ?? NOWHERE },
  { heading: 'TYPE', value: typeOf },
  {
    heading: 'STATUS',
    value: (node) => (isAgent(node) ? node.status : undefined),
    style: (node, paint) => (isAgent(node) && node.status !== 'ACTIVE' ? paint.busy : paint.good),
  },
  { heading: 'REGION', value: ({ region }) => region || NOWHERE },
  { heading: 'ZONE', value: ({ zone }) => zone || NOWHERE },
  { heading: 'CPUS', value: shareOf('cpus', formatNumber) },
  { heading: 'MEM', value: shareOf('mem', formatMiB) },
  { heading: 'DISK', value: shareOf('disk', formatMiB), isWide: true },
  {
    heading: 'ATTRIBUTES',
    value: (node) =>
      isAgent(node)
        ? Object.entries(node.attributes)
            .map(([name, value]) => `${name}:${value}`)
            .join(';')
        : undefined,
    isWide: true,
  },
  { heading: 'VERSION', value: ({ version }) => version, isWide: true },
];

/** The value of a field by its dotted path, as text. */
export const fieldText = (node: ClusterNode, path: string): string => {
  let value: unknown = node;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return '';
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};
