import { getQueueItem, resetDelay } from '../feeds/marathon-calls.ts';
import { Problem } from '../view/problem.tsx';
import { useAction } from '../view/use-action.ts';
import { useLive } from '../view/use-live.ts';

/** What offers are tested for (marathon.md 1.11), as people say it. */
const TESTS: Readonly<Record<string, string>> = {
  UnfulfilledRole: 'Role',
  UnfulfilledConstraint: 'Constraints',
  NoCorrespondingReservationFound: 'Reservation',
  AgentMaintenance: 'No maintenance',
  InsufficientCpus: 'CPU',
  InsufficientMemory: 'Memory',
  InsufficientDisk: 'Disk',
  InsufficientGpus: 'GPU',
  InsufficientPorts: 'Ports',
  DeclinedScarceResources: 'Scarce resources',
};

/** Why instances of an app or pod wait to be launched: in words, and what ruled out how many of the last offers. */
export const WaitingPanel = ({ id }: { id: string }) => {
  const { value: item, reload } = useLive(`queue ${id}`, () => getQueueItem(id));
  const { isBusy, problem, run } = useAction();
  if (item === undefined) return null;
  const { count, why = [], delay, processedOffersSummary } = item;
  const rejects = (processedOffersSummary?.rejectSummaryLastOffers ?? []).filter(
    ({ processed }) => processed > 0,
  );
  return (
    <article class="card" aria-label="What it waits for">
      <h2>
        {count} {count === 1 ? 'instance waits' : 'instances wait'} to be launched
      </h2>
      <ul class="why">
        {why.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
      {rejects.length === 0 ? null : (
        <table class="narrow">
          <caption>The last offers, test by test</caption>
          <thead>
            <tr>
              <th scope="col">Test</th>
              <th scope="col" class="number">
                Passed
              </th>
              <th scope="col" class="number">
                Failed
              </th>
            </tr>
          </thead>
          <tbody>
            {rejects.map(({ reason, declined, processed }) => (
              <tr key={reason}>
                <td>{TESTS[reason] ?? reason}</td>
                <td class="number">{processed - declined}</td>
                <td class="number">{declined}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Problem problem={problem} />
      {delay === undefined || delay.overdue ? null : (
        <div class="buttons">
          <button
            type="button"
            disabled={isBusy}
            onClick={() => void run(() => resetDelay(id)).then(() => reload())}
          >
            Start now ({delay.timeLeftSeconds} s left)
          </button>
        </div>
      )}
    </article>
  );
};
