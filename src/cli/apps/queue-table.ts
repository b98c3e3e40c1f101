import type { MarathonQueueItem } from '../../clients/marathon-types.ts';
import type { Column } from '../output/table.ts';
import { type Needs, needsOf } from './needs-of.ts';

const NONE = '---';

/** The columns of `dcos marathon debug list` (cli.md 4.4). */
export const QUEUE_COLUMNS: readonly Column<MarathonQueueItem>[] = [
  { heading: 'ID', value: ({ app, pod }) => app?.id ?? pod?.id },
  { heading: 'SINCE', value: ({ since = NONE }) => since },
  { heading: 'INSTANCES TO LAUNCH', value: ({ count }) => count, isNumber: true },
  { heading: 'WAITING', value: ({ delay }) => String(delay.overdue) },
  {
    heading: 'PROCESSED OFFERS',
    value: ({ processedOffersSummary }) => processedOffersSummary?.processedOffersCount ?? NONE,
    isNumber: true,
  },
  {
    heading: 'UNUSED OFFERS',
    value: ({ processedOffersSummary }) => processedOffersSummary?.unusedOffersCount ?? NONE,
    isNumber: true,
  },
  {
    heading: 'LAST UNUSED OFFER',
    value: ({ processedOffersSummary }) => processedOffersSummary?.lastUnusedOfferAt ?? NONE,
  },
  {
    heading: 'LAST USED OFFER',
    value: ({ processedOffersSummary }) => processedOffersSummary?.lastUsedOfferAt ?? NONE,
  },
];

/** How many of the last offers got past a reason. */
export interface OfferRow {
  readonly resource: string;
  readonly requested: string;
  readonly matched: number;
  readonly processed: number;
}

const REQUESTED: readonly { resource: string; reason: string; of: (needs: Needs) => unknown }[] = [
  { resource: 'ROLE', reason: 'UnfulfilledRole', of: ({ role }) => role },
  {
    resource: 'CONSTRAINTS',
    reason: 'UnfulfilledConstraint',
    of: ({ constraints }) => JSON.stringify(constraints),
  },
  { resource: 'CPUS', reason: 'InsufficientCpus', of: ({ cpus }) => cpus },
  { resource: 'MEM', reason: 'InsufficientMemory', of: ({ mem }) => mem },
  { resource: 'DISK', reason: 'InsufficientDisk', of: ({ disk }) => disk },
  { resource: 'PORTS', reason: 'InsufficientPorts', of: ({ ports }) => ports && JSON.stringify(ports) },
];

/**
 * The rows of `dcos marathon debug summary`: of the last offers that were of no use, those that did not lack a resource. Where
 * Marathon keeps no offers its counts stand in for them.
 */
export const offerRows = (item: MarathonQueueItem): OfferRow[] => {
  const needs = needsOf(item);
  return REQUESTED.map(({ resource, reason, of }) => ({
    resource,
    requested: String(of(needs) ?? NONE),
    ...matchedOf(item, reason),
  }));
};

const matchedOf = (
  { lastUnusedOffers: offers = [], processedOffersSummary }: MarathonQueueItem,
  reason: string,
): Pick<OfferRow, 'matched' | 'processed'> => {
  if (offers.length > 0) {
    const matched = offers.filter(({ reason: reasons }) => !reasons.includes(reason)).length;
    return { matched, processed: offers.length };
  }
  const counts = processedOffersSummary?.rejectSummaryLastOffers ?? [];
  const { declined = 0, processed = 0 } = counts.find((count) => count.reason === reason) ?? {};
  return { matched: processed - declined, processed };
};

export const OFFER_COLUMNS: readonly Column<OfferRow>[] = [
  { heading: 'RESOURCE', value: ({ resource }) => resource },
  { heading: 'REQUESTED', value: ({ requested }) => requested },
  { heading: 'MATCHED', value: ({ matched, processed }) => `${matched}/${processed}` },
  {
    heading: 'PERCENTAGE',
    value: ({ matched, processed }) =>
      processed === 0 ? NONE : `${((100 * matched) / processed).toFixed(2)}%`,
    isNumber: true,
  },
];
