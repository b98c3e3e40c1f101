import type { ComponentChildren } from 'preact';
import type { TreeRow } from '../model/group-tree.ts';
import { SERVICE_STATUSES, type ServiceView } from '../model/services.ts';
import { amountColumns } from '../view/amount-columns.ts';
import { Link } from '../view/link.tsx';
import { ServiceStatusText } from '../view/service-status.tsx';
import { type Column, Table } from '../view/table.tsx';

type Row = ServiceView | TreeRow;

const STATUS_AND_AMOUNTS: readonly Column<Row>[] = [
  {
    title: 'Status',
    cell: ({ status, reason }) => <ServiceStatusText status={status} reason={reason} />,
    sortBy: ({ status }) => SERVICE_STATUSES.indexOf(status),
  },
  {
    title: 'Running',
    kind: 'number',
    cell: ({ kind, running, wanted }) => (kind === 'framework' ? running : `${running} / ${wanted}`),
    sortBy: ({ running }) => running,
  },
  ...amountColumns<Row>(({ held }) => held),
  {
    title: 'Pages',
    cell: (row) =>
      row.kind === 'group' || row.link === undefined ? null : (
        <a href={row.link} aria-label={`Open the pages of ${row.name}`}>
          open
        </a>
      ),
  },
];

interface NameProps {
  readonly row: Row;
  readonly onToggle: (group: string) => void;
}

const Name = ({ row, onToggle }: NameProps) => {
  const indent = { paddingLeft: `${'depth' in row ? row.depth * 20 : 0}px` };
  if (row.kind === 'group') {
    const { name, isOpen } = row;
    return (
      <span style={indent}>
        <button type="button" class="group" aria-expanded={isOpen} onClick={() => onToggle(name)}>
          {name}
        </button>{' '}
        <span class="kind">group</span>
      </span>
    );
  }
  const { name, kind, packageName } = row;
  return (
    <span style={indent}>
      {kind === 'framework' ? name : <Link to={['services', kind, name]}>{name}</Link>}{' '}
      <span class="kind">{packageName === undefined ? kind : `${kind}, package ${packageName}`}</span>
    </span>
  );
};

interface ServicesTableProps {
  readonly rows: readonly Row[];
  readonly empty: ComponentChildren;
  /** Opens or closes a group; with it the rows are a tree, whose order a heading does not change. */
  readonly onToggle?: (group: string) => void;
}

/** Apps, pods and frameworks; their order is the caller's until a heading is clicked. */
export const ServicesTable = ({ rows, empty, onToggle }: ServicesTableProps) => {
  const columns: readonly Column<Row>[] = [
    {
      title: 'Name',
      kind: 'wide',
      cell: (row) => <Name row={row} onToggle={(group) => onToggle?.(group)} />,
      sortBy: ({ name }) => name,
    },
    ...STATUS_AND_AMOUNTS,
  ];
  return (
    <Table
      label="Services"
      columns={onToggle === undefined ? columns : columns.map(({ sortBy, ...column }) => column)}
      rows={rows}
      keyOf={({ kind, name }) => `${kind} ${name}`}
      empty={empty}
    />
  );
};
