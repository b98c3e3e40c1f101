import type { Reservation } from '../model/reservations.ts';
import { amountColumns } from '../view/amount-columns.ts';
import { formatMebibytes } from '../view/format.ts';
import { Labels } from '../view/labels.tsx';
import { Link } from '../view/link.tsx';
import { type Column, Table } from '../view/table.tsx';

const COLUMNS: readonly Column<Reservation>[] = [
  { title: 'Role', cell: ({ role }) => role, sortBy: ({ role }) => role },
  {
    title: 'Node',
    cell: ({ agentId, hostname }) => <Link to={['nodes', agentId]}>{hostname}</Link>,
    sortBy: ({ hostname }) => hostname,
  },
  {
    title: 'Kind',
    cell: ({ volumeId, isStatic }) => (volumeId === '' ? (isStatic ? 'static' : 'dynamic') : 'volume'),
    sortBy: ({ volumeId, isStatic }) => (volumeId === '' ? Number(isStatic) : 2),
  },
  ...amountColumns<Reservation>(({ held }) => held),
  {
    title: 'Disk',
    kind: 'number',
    cell: ({ held }) => formatMebibytes(held.disk),
    sortBy: ({ held }) => held.disk,
  },
  {
    title: 'Volume',
    kind: 'id',
    cell: ({ volumeId, containerPath }) => (
      <span title={volumeId}>{containerPath === '' ? volumeId : `${containerPath}: ${volumeId}`}</span>
    ),
  },
  { title: 'Principal', cell: ({ principal }) => principal, sortBy: ({ principal }) => principal },
  { title: 'Labels', cell: ({ labels }) => <Labels labels={labels} /> },
];

/** What agents keep for roles. */
export const ReservationsTable = ({ rows }: { rows: readonly Reservation[] }) => (
  <Table
    label="Reservations and volumes"
    columns={COLUMNS}
    rows={rows}
    keyOf={({ key }) => key}
    empty="Nothing is reserved. Packages with data, and apps with persistent volumes, reserve what they need."
  />
);
