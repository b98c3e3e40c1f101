import { getDeployments, getEndedDeployments } from '../feeds/marathon-calls.ts';
import { type EndedDeployment, targetsOf } from '../model/marathon.ts';
import { DeploymentCard } from '../panels/deployment-card.tsx';
import { Problem } from '../view/problem.tsx';
import { Status, type Tone } from '../view/status.tsx';
import { type Column, Table } from '../view/table.tsx';
import { TimeText } from '../view/time-text.tsx';
import { useLive } from '../view/use-live.ts';

const TONES: Readonly<Record<string, Tone>> = { succeeded: 'good', failed: 'bad' };

const COLUMNS: readonly Column<EndedDeployment>[] = [
  { title: 'What', kind: 'wide', cell: (ended) => targetsOf(ended).join(', ') },
  {
    title: 'Outcome',
    cell: ({ outcome }) => <Status tone={TONES[outcome] ?? 'quiet'}>{outcome}</Status>,
    sortBy: ({ outcome }) => outcome,
  },
  {
    title: 'Ended',
    cell: ({ endedAt }) => <TimeText time={endedAt} />,
    sortBy: ({ endedAt }) => Date.parse(endedAt),
  },
  { title: 'Reason', kind: 'wide', cell: ({ reason = '' }) => <span title={reason}>{reason}</span> },
  { title: 'Id', kind: 'id', cell: ({ id }) => id },
];

/** Deployments under way, with what holds them up, and how the latest ended. */
export const DeploymentsPage = () => {
  const { value, problem, reload } = useLive('deployments', getDeployments, { everyMs: 1_500 });
  const ended = useLive('ended deployments', getEndedDeployments);
  return (
    <>
      <section class="panel wide">
        <h1 tabIndex={-1}>
          Deployments <span class="count">{value?.length ?? 0}</span>
        </h1>
        <Problem problem={problem} />
        {value?.map((deployment) => (
          <DeploymentCard key={deployment.id} deployment={deployment} onChange={reload} />
        ))}
        {value?.length === 0 ? (
          <p class="empty">
            Nothing is being deployed. A change starts one:{' '}
            <code>plenum marathon app update /web instances=3</code>
          </p>
        ) : null}
      </section>
      <section class="panel wide">
        <h2>Ended</h2>
        <Table
          label="Ended deployments"
          columns={COLUMNS}
          rows={ended.value ?? []}
          keyOf={({ id }) => id}
          empty="None has ended yet."
        />
      </section>
    </>
  );
};
