import type { Quantities } from '../model/quantities.ts';
import { formatCpus, formatMebibytes } from './format.ts';
import type { Column } from './table.tsx';

/** What rows hold of processors and memory, as columns that can be sorted by. */
export const amountColumns = <Row>(heldBy: (row: Row) => Quantities): readonly Column<Row>[] => [
  {
    title: 'CPU',
    kind: 'number',
    cell: (row) => formatCpus(heldBy(row).cpus),
    sortBy: (row) => heldBy(row).cpus,
  },
  {
    title: 'Memory',
    kind: 'number',
    cell: (row) => formatMebibytes(heldBy(row).mem),
    sortBy: (row) => heldBy(row).mem,
  },
];
