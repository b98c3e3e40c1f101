import type { MarathonClient } from '../../clients/marathon-client.ts';
import type { MarathonQueueItem, MarathonUnusedOffer } from '../../clients/marathon-types.ts';
import { formatCount, formatNames, formatNumber } from '../output/format.ts';
import { type Needs, needsOf } from './needs-of.ts';

/** Why offers were refused (marathon.md 1.11), in words. */
const REFUSALS: Readonly<Record<string, (needs: Needs) => string>> = {
  UnfulfilledRole: ({ role }) => `not offered to role ${role}`,
  UnfulfilledConstraint: ({ constraints }) =>
    `constraint ${constraints.map((parts) => parts.join(':')).join(', ')} not met`,
  NoCorrespondingReservationFound: () => 'no reservation for its volumes',
  AgentMaintenance: () => 'maintenance is planned',
  InsufficientCpus: ({ cpus }) => `not enough cpus (${formatNumber(cpus)} asked)`,
  InsufficientMemory: ({ mem }) => `not enough mem (${formatNumber(mem)} MiB asked)`,
  InsufficientDisk: ({ disk }) => `not enough disk (${formatNumber(disk)} MiB asked)`,
  InsufficientGpus: () => 'not enough gpus',
  InsufficientPorts: () => 'not enough ports',
  DeclinedScarceResources: () => 'agents with gpus are kept for those who need them',
};

/** Why instances of the given apps and pods are not launched, one sentence for each that waits. */
export const whyWaiting = async (
  marathon: MarathonClient,
  ids: readonly string[],
): Promise<readonly string[]> => {
  const queue = await marathon.getQueue({ withUnusedOffers: true });
  const wanted = new Set(ids);
  return queue.filter(({ app, pod }) => wanted.has(app?.id ?? pod?.id ?? '')).map(explainQueueItem);
};

/** What an entry of the queue waits for. */
export const explainQueueItem = (item: MarathonQueueItem): string => {
  const { app, pod, count, delay } = item;
  const waiting = `${app?.id ?? pod?.id} waits to launch ${formatCount(count, 'instance')}`;
  if (!delay.overdue && delay.timeLeftSeconds > 0) {
    return `${waiting}: the last one failed, the next is launched in ${delay.timeLeftSeconds} s`;
  }
  const reasons = refusals(item);
  if (reasons.length > 0) return `${waiting}: ${reasons.join('; ')}`;
  const processed = item.processedOffersSummary?.processedOffersCount ?? 0;
  return processed > 0
    ? `${waiting}: ${formatCount(processed, 'offer')} looked at so far`
    : `${waiting}: the master has offered nothing yet to role ${item.role ?? needsOf(item).role}`;
};

const refusals = (item: MarathonQueueItem): string[] => {
  const { lastUnusedOffers = [], processedOffersSummary } = item;
  const needs = needsOf(item);
  return (processedOffersSummary?.rejectSummaryLastOffers ?? [])
    .filter(({ declined }) => declined > 0)
    .map(({ reason, declined, processed }) => {
      const what = REFUSALS[reason]?.(needs) ?? reason;
      const hosts = hostsRefusedFor(reason, lastUnusedOffers);
      const where = hosts.length > 0 ? ` (${formatNames(hosts)})` : '';
      return `${what} on ${declined} of ${formatCount(processed, 'agent')}${where}`;
    });
};

const hostsRefusedFor = (reason: string, offers: readonly MarathonUnusedOffer[]): string[] => [
  ...new Set(offers.filter((unused) => unused.reason.includes(reason)).map(({ offer }) => offer.hostname)),
];
