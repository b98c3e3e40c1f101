import { listSecrets } from '../feeds/secret-calls.ts';
import { FindBox, findText, found } from '../view/find-box.tsx';
import { Problem } from '../view/problem.tsx';
import { type Column, Table } from '../view/table.tsx';
import { useLive } from '../view/use-live.ts';

const COLUMNS: readonly Column<string>[] = [
  { title: 'Name', kind: 'wide', cell: (name) => name, sortBy: (name) => name },
  {
    title: 'In a definition',
    kind: 'wide',
    cell: (name) => <code>{`"secrets": { "mine": { "source": ${JSON.stringify(name)} } }`}</code>,
  },
];

/** The secrets that apps and pods can be given, by their names; nobody reads their values here. */
export const SecretsPage = () => {
  const { value, problem } = useLive('secrets', listSecrets, { everyMs: 15_000 });
  const rows = found(value ?? [], (name) => name);
  return (
    <section class="panel wide">
      <div class="heading">
        <h1 tabIndex={-1}>
          Secrets <span class="count">{rows.length}</span>
        </h1>
        <FindBox label="Filter secrets" />
      </div>
      <Problem problem={problem} />
      {value === undefined ? null : (
        <Table
          label="Secrets"
          columns={COLUMNS}
          rows={rows}
          keyOf={(name) => name}
          empty={
            findText() === '' ? (
              <>
                There is none: <code>plenum security secrets create NAME --value-file FILE</code>
              </>
            ) : (
              'No secret fits the filter.'
            )
          }
        />
      )}
    </section>
  );
};
