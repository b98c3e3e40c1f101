import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { visibleRows } from '../model/visible-rows.ts';
import { REACHED_BY_KEYS } from './reached-by-keys.ts';

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** What rows are sorted by; without it they are not. */
  readonly sortBy?: (row: Row) => string | number;
  readonly kind?: 'number' | 'id' | 'wide';
}

interface TableProps<Row> {
  /** What a screen reader calls it. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** What is said when there is none, with what to do about it. */
  readonly empty: ComponentChildren;
}

interface Sorting {
  readonly title: string;
  readonly isDown: boolean;
}

/** Rows in columns, sorted by a click on a heading. Of a long list only what can be seen is drawn. */
export const Table = <Row,>({ label, columns, rows, keyOf, empty }: TableProps<Row>) => {
  const [sorting, setSorting] = useState<Sorting>();
  const { place, scrollPx, heightPx, onScroll } = useScroll();
  if (rows.length === 0) return <p class="empty">{empty}</p>;
  const shown = sorted(rows, columns, sorting);
  const { from, to, abovePx, belowPx } = visibleRows(shown.length, scrollPx, heightPx);
  return (
    <section class="scroll" ref={place} onScroll={onScroll} aria-label={label} {...REACHED_BY_KEYS}>
      <table aria-rowcount={shown.length + 1} aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <Heading key={column.title} column={column} sorting={sorting} onSort={setSorting} />
            ))}
          </tr>
        </thead>
        <tbody>
          <Space heightPx={abovePx} columns={columns.length} />
          {shown.slice(from, to).map((row, index) => (
            <tr key={keyOf(row)} aria-rowindex={from + index + 2}>
              {columns.map(({ title, cell, kind }) => (
                <td key={title} class={kind}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
          <Space heightPx={belowPx} columns={columns.length} />
        </tbody>
      </table>
    </section>
  );
};

const Space = ({ heightPx, columns }: { heightPx: number; columns: number }) =>
  heightPx === 0 ? null : (
    <tr class="space">
      <td colSpan={columns} style={{ height: `${heightPx}px` }} />
    </tr>
  );

interface HeadingProps<Row> {
  readonly column: Column<Row>;
  readonly sorting: Sorting | undefined;
  readonly onSort: (sorting: Sorting) => void;
}

const Heading = <Row,>({ column: { title, kind, sortBy }, sorting, onSort }: HeadingProps<Row>) => {
  const isSorted = sorting?.title === title;
  if (sortBy === undefined) {
    return (
      <th scope="col" class={kind}>
        {title}
      </th>
    );
  }
  const isDown = isSorted && sorting.isDown;
  return (
    <th scope="col" class={kind} aria-sort={isSorted ? (isDown ? 'descending' : 'ascending') : 'none'}>
      <button type="button" class="sort" onClick={() => onSort({ title, isDown: isSorted && !isDown })}>
        {title}
        <span aria-hidden="true">{isSorted ? (isDown ? ' ↓' : ' ↑') : ''}</span>
      </button>
    </th>
  );
};

const sorted = <Row,>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sorting: Sorting | undefined,
): readonly Row[] => {
  const sortBy = columns.find(({ title }) => title === sorting?.title)?.sortBy;
  if (sorting === undefined || sortBy === undefined) return rows;
  const sign = sorting.isDown ? -1 : 1;
  return rows.toSorted((left, right) => sign * compare(sortBy(left), sortBy(right)));
};

const { compare: compareTexts } = new Intl.Collator('en', { numeric: true });

const compare = (left: string | number, right: string | number): number =>
  typeof left === 'number' && typeof right === 'number'
    ? left - right
    : compareTexts(String(left), String(right));

const useScroll = () => {
  const place = useRef<HTMLElement>(null);
  const [scrollPx, setScrollPx] = useState(0);
  const [heightPx, setHeightPx] = useState(1_000);
  useEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    const resized = new ResizeObserver(() => setHeightPx(element.clientHeight));
    resized.observe(element);
    return () => resized.disconnect();
  }, []);
  return { place, scrollPx, heightPx, onScroll: () => setScrollPx(place.current?.scrollTop ?? 0) };
};
