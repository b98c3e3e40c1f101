import { useState } from 'preact/hooks';
import { getServiceHistory, previewReturn, rollBack } from '../feeds/package-calls.ts';
import type { ServiceHistoryEntry } from '../model/packages.ts';
import { formatState } from '../view/format.ts';
import { Problem } from '../view/problem.tsx';
import { Status } from '../view/status.tsx';
import { type Column, Table } from '../view/table.tsx';
import { TimeText } from '../view/time-text.tsx';
import { useAction } from '../view/use-action.ts';
import { useLive } from '../view/use-live.ts';
import { ConfirmChange, type SeenChange, seeChange } from './service-change.tsx';

interface ServiceHistoryProps {
  readonly appId: string;
  readonly onChange: () => void;
}

/** What a service ran as, the latest first, and the way back. */
export const ServiceHistory = ({ appId, onChange }: ServiceHistoryProps) => {
  const { value = [], problem, reload } = useLive(`history ${appId}`, () => getServiceHistory(appId));
  const [seen, setSeen] = useState<{ to: number; change: SeenChange }>();
  const looking = useAction();
  const look = (to: number): Promise<boolean> =>
    looking.run(async () =>
      setSeen({ to, change: await seeChange(appId, await previewReturn({ appId, to })) }),
    );
  const columns: readonly Column<ServiceHistoryEntry>[] = [
    { title: 'When', cell: ({ at }) => <TimeText time={at} /> },
    { title: 'What', cell: ({ action }) => formatState(action) },
    { title: 'Version', cell: ({ packageVersion }) => packageVersion },
    {
      title: 'Back',
      cell: ({ id, current, at }) =>
        current ? (
          <Status tone="good">runs so now</Status>
        ) : (
          <button type="button" aria-label={`Go back to ${at}`} onClick={() => void look(id)}>
            Go back…
          </button>
        ),
    },
  ];
  return (
    <>
      <Problem problem={problem ?? looking.problem} />
      <Table
        label={`History of ${appId}`}
        columns={columns}
        rows={value.toReversed()}
        keyOf={({ id }) => String(id)}
        empty="Nothing is remembered of it."
      />
      {seen === undefined ? null : (
        <ConfirmChange
          title={`Take ${appId} back?`}
          action="Go back"
          change={seen.change}
          onConfirm={() =>
            rollBack({ appId, to: seen.to }).then(() => {
              onChange();
              reload();
            })
          }
          onClose={() => setSeen(undefined)}
        />
      )}
    </>
  );
};
