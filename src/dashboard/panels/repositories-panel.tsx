import { useState } from 'preact/hooks';
import { listRepositories, removeRepository } from '../feeds/package-calls.ts';
import type { Repository } from '../model/packages.ts';
import { Confirm } from '../view/dialog.tsx';
import { Problem } from '../view/problem.tsx';
import { Status } from '../view/status.tsx';
import { type Column, Table } from '../view/table.tsx';
import { TimeText } from '../view/time-text.tsx';
import { useLive } from '../view/use-live.ts';
import { AddRepository } from './add-repository.tsx';

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

/** Where packages come from, in the order in which they count, and what is wrong there. */
export const RepositoriesPanel = ({ onChange }: { onChange: () => void }) => {
  const { value, problem, reload } = useLive('repositories', listRepositories, { everyMs: 15_000 });
  const [isAdding, setAdding] = useState(false);
  const [removed, setRemoved] = useState<string>();
  const changed = (): void => {
    reload();
    onChange();
  };
  const columns: readonly Column<Repository>[] = [
    ...COLUMNS,
    {
      title: 'Change',
      cell: ({ name }) => (
        <button type="button" aria-label={`Remove ${name}`} onClick={() => setRemoved(name)}>
          Remove…
        </button>
      ),
    },
  ];
  return (
    <section class="panel wide">
      <div class="heading">
        <h2>
          Repositories <span class="count">{value?.length ?? 0}</span>
        </h2>
        <button type="button" onClick={() => setAdding(true)}>
          Add a repository…
        </button>
      </div>
      <Problem problem={problem} />
      {value === undefined ? null : (
        <Table
          label="Repositories"
          columns={columns}
          rows={value}
          keyOf={({ name }) => name}
          empty={
            <>
              There is none, so no package can be found. Add one here, or by{' '}
              <code>plenum package repo add NAME URI</code>
            </>
          }
        />
      )}
      {isAdding ? <AddRepository onChange={changed} onClose={() => setAdding(false)} /> : null}
      {removed === undefined ? null : (
        <Confirm
          title={`Remove the repository ${removed}?`}
          action="Remove"
          onConfirm={() => removeRepository(removed).then(changed)}
          onClose={() => setRemoved(undefined)}
        >
          <p>Its packages leave the catalog. Services that were installed from it go on.</p>
        </Confirm>
      )}
    </section>
  );
};
