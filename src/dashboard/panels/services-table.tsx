import type { ComponentChildren } from 'preact';
import { SERVICE_STATUSES, type ServiceView } from '../model/services.ts';
import { formatCpus, formatMebibytes } from '../view/format.ts';
import { Link } from '../view/link.tsx';
import { ServiceStatusText } from '../view/service-status.tsx';
import { type Column, Table } from '../view/table.tsx';

const COLUMNS: readonly Column<ServiceView>[] = [
  { title: 'Name', kind: 'wide', cell: (service) => <Name service={service} />, sortBy: ({ name }) => name },
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
  {
    title: 'CPU',
    kind: 'number',
    cell: ({ held }) => formatCpus(held.cpus),
    sortBy: ({ held }) => held.cpus,
  },
  {
    title: 'Memory',
    kind: 'number',
    cell: ({ held }) => formatMebibytes(held.mem),
    sortBy: ({ held }) => held.mem,
  },
  {
    title: 'Pages',
    cell: ({ name, link }) =>
      link === undefined ? null : (
        <a href={link} aria-label={`Open the pages of ${name}`}>
          open
        </a>
      ),
  },
];

const Name = ({ service: { name, kind, packageName } }: { service: ServiceView }) => (
  <>
    {kind === 'framework' ? name : <Link to={['services', kind, name]}>{name}</Link>}{' '}
    <span class="kind">{packageName === undefined ? kind : `${kind}, package ${packageName}`}</span>
  </>
);

interface ServicesTableProps {
  readonly rows: readonly ServiceView[];
  readonly empty: ComponentChildren;
}

/** Apps, pods and frameworks; their order is the caller's until a heading is clicked. */
export const ServicesTable = ({ rows, empty }: ServicesTableProps) => (
  <Table
    label="Services"
    columns={COLUMNS}
    rows={rows}
    keyOf={({ kind, name }) => `${kind} ${name}`}
    empty={empty}
  />
);
