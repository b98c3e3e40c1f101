import { listRepositories } from '../feeds/package-calls.ts';
import type { Repository } from '../model/packages.ts';
import { Problem } from '../view/problem.tsx';
import { Status } from '../view/status.tsx';
import { type Column, Table } from '../view/table.tsx';
import { TimeText } from '../view/time-text.tsx';
import { useLive } from '../view/use-live.ts';

const COLUMNS: readonly Column<Repository>[] = [
  { title: 'Name', cell: ({ name }) => name },
  {
    title: 'State',
    cell: ({ state = '', problem }) => <Status tone={problem ? 'bad' : 'good'}>{state}</Status>,
  },
  { title: 'Packages', kind: 'number', cell: ({ packages }) => packages },
  { title: 'Confirmed', cell: ({ confirmedAt }) => <TimeText time={confirmedAt} /> },
  { title: 'URI', kind: 'id', cell: ({ uri }) => <span title={uri}>{uri}</span> },
  {
    title: 'Problems',
    kind: 'wide',
    cell: ({ problem, packageProblems }) => {
      const texts = [
        problem ?? '',
        ...(packageProblems ?? []).map(({ where, message }) => `${where}: ${message}`),
      ];
      const text = texts.filter(Boolean).join('\n');
      return <span title={text}>{text}</span>;
    },
  },
];

/** Where packages come from, and what is wrong there. */
export const RepositoriesPanel = () => {
  const { value = [], problem } = useLive('repositories', listRepositories, { everyMs: 15_000 });
  return (
    <section class="panel wide">
      <h2>Repositories</h2>
      <Problem problem={problem} />
      <Table
        label="Repositories"
        columns={COLUMNS}
        rows={value}
        keyOf={({ name }) => name}
        empty={
          <>
            There is none: <code>plenum package repo add NAME URI</code>
          </>
        }
      />
    </section>
  );
};
