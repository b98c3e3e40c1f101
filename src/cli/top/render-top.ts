import { formatBytes, formatDuration, formatMiB, formatNumber } from '../output/format.ts';
import type { Paint } from '../output/paint.ts';
import { type Column, formatTable } from '../output/table.ts';
import type { Output } from '../output/terminal.ts';
import type { Share, SortKey, TopRow, TopView } from './top-view.ts';

export interface TopFrame {
  readonly clusterName: string;
  readonly view: TopView;
  readonly sort: SortKey;
  /** The first row that is shown. */
  readonly from: number;
  /** What went wrong at the last attempt to ask. */
  readonly problem: string | undefined;
}

const BAR_CELLS = 24;
const HEAD_LINES = 6;

/** A whole screen, or all there is when it has no end. */
export const renderTop = (
  { clusterName, view, sort, from, problem }: TopFrame,
  { output, rows, paint }: { output: Pick<Output, 'isTty' | 'columns'>; rows: number; paint: Paint },
): string => {
  const { agents, tasks, cpus, memory, disk } = view;
  const { columns } = output;
  const counts = `${tasks.running} tasks run, ${tasks.starting} start, ${tasks.other} others`;
  const head = [
    paint.heading(`${clusterName}: ${agents.active} of ${agents.all} agents, ${counts}`.slice(0, columns)),
    `CPUS  ${bar(cpus)} ${formatNumber(cpus.used)} of ${formatNumber(cpus.total)}`,
    `MEM   ${bar(memory)} ${formatMiB(memory.used)} of ${formatMiB(memory.total)}`,
    `DISK  ${bar(disk)} ${formatMiB(disk.used)} of ${formatMiB(disk.total)}`,
    problem === undefined
      ? paint.faint(keysText(sort).slice(0, columns))
      : paint.bad(problem.replace(/\p{Cc}+/gu, ' ').slice(0, columns)),
  ];
  const room = Math.max(0, rows - HEAD_LINES - 1);
  const shown = view.rows.slice(from, from + room);
  const table = formatTable(COLUMNS, shown, { output, paint });
  return `${[...head, ''].join('\n')}\n${table}`;
};

const keysText = (sort: SortKey): string =>
  `by ${sort}; c: cpu, m: mem, n: name, a: age, up and down: further rows, q: end`;

const bar = ({ used, total }: Share): string => {
  const cells = total > 0 ? Math.min(BAR_CELLS, Math.round((BAR_CELLS * used) / total)) : 0;
  const percent = total > 0 ? Math.round((100 * used) / total) : 0;
  return `[${'|'.repeat(cells)}${' '.repeat(BAR_CELLS - cells)}] ${String(percent).padStart(3)}%`;
};

const COLUMNS: readonly Column<TopRow>[] = [
  { heading: 'CPU', value: ({ cpus }) => cpus?.toFixed(2) ?? '-', isNumber: true },
  { heading: 'OF', value: ({ cpusLimit }) => formatNumber(cpusLimit), isNumber: true },
  {
    heading: 'MEM',
    value: ({ memory }) => (memory === undefined ? '-' : formatBytes(memory)),
    isNumber: true,
  },
  {
    heading: 'OF',
    value: ({ memoryLimit }) => (memoryLimit === undefined ? '' : formatBytes(memoryLimit)),
    isNumber: true,
  },
  { heading: 'AGE', value: ({ ageMs }) => formatDuration(ageMs), isNumber: true },
  {
    heading: 'STATE',
    value: ({ state }) => state.replace(/^TASK_/, ''),
    style: ({ state }, paint) => (state === 'TASK_RUNNING' ? paint.good : paint.busy),
  },
  { heading: 'HOST', value: ({ host }) => host },
  { heading: 'ID', value: ({ id }) => id, isCut: true },
];
