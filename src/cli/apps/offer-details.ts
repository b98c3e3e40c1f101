import type { MarathonUnusedOffer } from '../../clients/marathon-types.ts';
import type { Column } from '../output/table.ts';

const cell =
  (reason: string) =>
  ({ reason: reasons }: MarathonUnusedOffer): string =>
    reasons.includes(reason) ? '-' : 'ok';

/** The columns of `dcos marathon debug details` (cli.md 4.4): what an offer had, and `-` for what it lacked. */
export const OFFER_DETAIL_COLUMNS: readonly Column<MarathonUnusedOffer>[] = [
  { heading: 'HOSTNAME', value: ({ offer }) => offer.hostname },
  { heading: 'ROLE', value: cell('UnfulfilledRole') },
  { heading: 'CONSTRAINTS', value: cell('UnfulfilledConstraint') },
  { heading: 'CPUS', value: cell('InsufficientCpus') },
  { heading: 'MEM', value: cell('InsufficientMemory') },
  { heading: 'DISK', value: cell('InsufficientDisk') },
  { heading: 'PORTS', value: cell('InsufficientPorts') },
  { heading: 'SCARCE', value: cell('DeclinedScarceResources') },
  { heading: 'RECEIVED', value: ({ timestamp }) => timestamp },
];
