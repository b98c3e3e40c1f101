import { type Paint, PLAIN } from './paint.ts';
import type { Output } from './terminal.ts';

export interface Column<Row> {
  readonly heading: string;
  readonly value: (row: Row) => string | number | undefined;
  readonly isNumber?: boolean;
  /** Cut to what is left of the window's width; on a terminal only, never in a pipe. */
  readonly isCut?: boolean;
  /** Shown with --output wide only. */
  readonly isWide?: boolean;
  readonly style?: (row: Row, paint: Paint) => (text: string) => string;
}

const GAP = '  ';
const SHORTEST_CUT = 12;

/**
 * Rows as aligned columns without borders: headings on the left, numbers on the right, nothing after the last cell. New
 * columns are only ever added at the end, because scripts cut by position.
 */
export const formatTable = <Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { output, paint = PLAIN }: { output: Pick<Output, 'isTty' | 'columns'>; paint?: Paint },
): string => {
  const cells = rows.map((row) => columns.map(({ value }) => cellText(value(row))));
  const natural = columns.map(({ heading }, index) =>
    Math.max(widthOf(heading), ...cells.map((line) => widthOf(line[index] ?? ''))),
  );
  const widths = output.isTty ? fitted(columns, natural, output.columns) : natural;
  const heading = line(
    columns,
    columns.map((column) => column.heading),
    widths,
    (text) => paint.heading(text),
  );
  const lines = cells.map((texts, index) =>
    line(columns, texts, widths, (text, column) => {
      const row = rows[index];
      return row === undefined || !column.style ? text : column.style(row, paint)(text);
    }),
  );
  return `${[heading, ...lines].join('\n')}\n`;
};

const line = <Row>(
  columns: readonly Column<Row>[],
  texts: readonly string[],
  widths: readonly number[],
  style: (text: string, column: Column<Row>) => string,
): string =>
  columns
    .map((column, index) => {
      const width = widths[index] ?? 0;
      const text = cut(texts[index] ?? '', width);
      const padding = ' '.repeat(Math.max(0, width - widthOf(text)));
      const isLast = index === columns.length - 1;
      const styled = text === '' ? '' : style(text, column);
      return column.isNumber ? padding + styled : styled + (isLast ? '' : padding);
    })
    .join(GAP)
    .trimEnd();

/** Takes the columns that may be cut down until the line fits. */
const fitted = <Row>(
  columns: readonly Column<Row>[],
  natural: readonly number[],
  available: number,
): readonly number[] => {
  let excess = natural.reduce((sum, width) => sum + width, GAP.length * (columns.length - 1)) - available;
  return natural.map((width, index) => {
    if (!columns[index]?.isCut || excess <= 0) return width;
    const shortened = Math.max(Math.min(width, SHORTEST_CUT), width - excess);
    excess -= width - shortened;
    return shortened;
  });
};

const cut = (text: string, width: number): string =>
  widthOf(text) <= width ? text : `${[...text].slice(0, Math.max(0, width - 1)).join('')}…`;

const widthOf = (text: string): number => [...text].length;

/** What came from elsewhere must not steer the terminal, nor break the line. */
const cellText = (value: string | number | undefined): string =>
  value === undefined
    ? ''
    : String(value)
        .replace(/^\p{Cc}+/u, '')
        .replace(/\p{Cc}+/gu, ' ')
        .trimEnd();
