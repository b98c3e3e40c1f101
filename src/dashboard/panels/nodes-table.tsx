import { percent } from '../model/history.ts';
import type { NodeRow } from '../store.ts';
import { Bar } from '../view/bar.tsx';
import { formatCpus, formatMebibytes } from '../view/format.ts';
import { Link } from '../view/link.tsx';
import { NodeStatus } from '../view/node-status.tsx';
import { type Column, Table } from '../view/table.tsx';

const COLUMNS: readonly Column<NodeRow>[] = [
  {
    title: 'Host',
    cell: ({ id, hostname }) => <Link to={['nodes', id]}>{hostname}</Link>,
    sortBy: ({ hostname }) => hostname,
  },
  {
    title: 'Status',
    cell: (node) => <NodeStatus node={node} />,
    sortBy: ({ isActive, outOfUse = '' }) => (isActive ? outOfUse : 'Unreachable'),
  },
  {
    title: 'Zone',
    cell: ({ region, zone }) => [region, zone].filter(Boolean).join(' / '),
    sortBy: ({ region, zone }) => `${region} ${zone}`,
  },
  {
    title: 'Tasks',
    kind: 'number',
    cell: ({ taskCount }) => taskCount,
    sortBy: ({ taskCount }) => taskCount,
  },
  {
    title: 'CPU',
    cell: ({ used, total }) => <Bar part={used.cpus} whole={total.cpus} format={formatCpus} />,
    sortBy: ({ used, total }) => percent(used.cpus, total.cpus),
  },
  {
    title: 'Memory',
    cell: ({ used, total }) => <Bar part={used.mem} whole={total.mem} format={formatMebibytes} />,
    sortBy: ({ used, total }) => percent(used.mem, total.mem),
  },
  {
    title: 'Disk',
    cell: ({ used, total }) => <Bar part={used.disk} whole={total.disk} format={formatMebibytes} />,
    sortBy: ({ used, total }) => percent(used.disk, total.disk),
  },
  { title: 'Id', kind: 'id', cell: ({ id }) => id },
];

/** Every agent with what its tasks hold of it. */
export const NodesTable = ({ rows }: { rows: readonly NodeRow[] }) => (
  <Table
    label="Nodes"
    columns={COLUMNS}
    rows={rows}
    keyOf={({ id }) => id}
    empty={
      <>
        No agent is registered: <code>plenum up --agents 3</code> or <code>plenum agent --master URL</code>
      </>
    }
  />
);
