import type { InstalledPackage } from '../model/packages.ts';
import { services } from '../store.ts';
import { Link } from '../view/link.tsx';
import { ServiceStatusText } from '../view/service-status.tsx';
import { type Column, Table } from '../view/table.tsx';

const serviceOf = ({ appId }: InstalledPackage) =>
  services.value.find(({ kind, name }) => kind === 'app' && name === appId);

const COLUMNS: readonly Column<InstalledPackage>[] = [
  {
    title: 'Service',
    cell: ({ appId }) => <Link to={['packages', 'installed', appId]}>{appId}</Link>,
    sortBy: ({ appId }) => appId,
  },
  {
    title: 'Package',
    cell: ({ packageInformation: { packageDefinition: definition } }) => definition.name,
    sortBy: ({ packageInformation: { packageDefinition: definition } }) => definition.name,
  },
  {
    title: 'Version',
    cell: ({ packageInformation: { packageDefinition: definition } }) => definition.version,
  },
  {
    title: 'Status',
    cell: (installed) => {
      const service = serviceOf(installed);
      return service && <ServiceStatusText status={service.status} reason={service.reason} />;
    },
  },
  {
    title: 'Pages',
    cell: (installed) => {
      const link = serviceOf(installed)?.link;
      return link === undefined ? null : (
        <a href={link} aria-label={`Open the pages of ${installed.appId}`}>
          open
        </a>
      );
    },
  },
];

/** Packages that are installed, as the services that they run as. */
export const InstalledTable = ({ rows }: { rows: readonly InstalledPackage[] }) => (
  <Table
    label="Installed packages"
    columns={COLUMNS}
    rows={rows}
    keyOf={({ appId }) => appId}
    empty={
      <>
        None is installed: choose one below, or <code>plenum package install hello-world</code>
      </>
    }
  />
);
