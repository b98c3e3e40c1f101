import { useState } from 'preact/hooks';
import { getRoles } from '../feeds/master-calls.ts';
import type { Role } from '../model/mesos.ts';
import { reservationsOf } from '../model/reservations.ts';
import { ReservationsTable } from '../panels/reservations-table.tsx';
import { SetQuota } from '../panels/set-quota.tsx';
import { nodes } from '../store.ts';
import { FindBox, found } from '../view/find-box.tsx';
import { Problem } from '../view/problem.tsx';
import { QuotaCell } from '../view/quota-cell.tsx';
import { type Column, Table } from '../view/table.tsx';
import { useLive } from '../view/use-live.ts';

const COLUMNS: readonly Column<Role>[] = [
  { title: 'Role', kind: 'wide', cell: ({ name }) => name, sortBy: ({ name }) => name },
  { title: 'CPU', cell: (role) => <QuotaCell role={role} resource="cpus" /> },
  { title: 'Memory', cell: (role) => <QuotaCell role={role} resource="mem" /> },
  { title: 'Disk', cell: (role) => <QuotaCell role={role} resource="disk" /> },
  { title: 'GPU', cell: (role) => <QuotaCell role={role} resource="gpus" /> },
  { title: 'Weight', kind: 'number', cell: ({ weight }) => weight, sortBy: ({ weight }) => weight },
  {
    title: 'Frameworks',
    kind: 'number',
    cell: ({ frameworks }) => frameworks.length,
    sortBy: ({ frameworks }) => frameworks.length,
  },
];

const changeColumn = (onEdit: (role: Role) => void): Column<Role> => ({
  title: 'Quota',
  cell: (role) => (
    <button type="button" aria-label={`Set the quota of ${role.name}`} onClick={() => onEdit(role)}>
      Set…
    </button>
  ),
});

/** Roles with what they hold, what they are guaranteed and what they may have at most; and what is reserved for them. */
export const RolesPage = () => {
  const { value = [], problem, reload } = useLive('roles', getRoles);
  const [edited, setEdited] = useState<Role>();
  const reservations = found(
    reservationsOf(nodes.value),
    ({ role, hostname, volumeId }) => `${role} ${hostname} ${volumeId}`,
  );
  return (
    <>
      <section class="panel wide">
        <div class="heading">
          <h1 tabIndex={-1}>
            Roles and quota <span class="count">{value.length}</span>
          </h1>
          <FindBox label="Filter roles and reservations" />
        </div>
        <Problem problem={problem} />
        <Table
          label="Roles"
          columns={[...COLUMNS, changeColumn(setEdited)]}
          rows={found(value, ({ name }) => name)}
          keyOf={({ name }) => name}
          empty={
            <>
              No role is used: <code>plenum quota create dev --cpu 4 --mem 2048</code>
            </>
          }
        />
        {edited === undefined ? null : (
          <SetQuota role={edited} onChange={reload} onClose={() => setEdited(undefined)} />
        )}
      </section>
      <section class="panel wide">
        <h2>
          Reservations and volumes <span class="count">{reservations.length}</span>
        </h2>
        <ReservationsTable rows={reservations} />
      </section>
    </>
  );
};
