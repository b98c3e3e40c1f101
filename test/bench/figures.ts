/** One line of the table: what was measured, over how many runs, and what the aim is. */
export interface Figure {
  what: string;
  unit: 'ms' | 'MB' | 'x' | '/s' | '';
  values: number[];
  aim?: string;
}

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
};

/** The median of a figure. */
export const medianOf = (figure: Figure): number => median(figure.values);

const printed = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toFixed(1));

/** The table in Markdown, so that it can be pasted into test/bench/README.md as it stands. */
export const printTable = (figures: readonly Figure[]): string =>
  [
    '| what | median | min | max | runs | aim |',
    '|---|---|---|---|---|---|',
    ...figures.map(({ what, unit, values, aim = '' }) => {
      const cells = [median(values), Math.min(...values), Math.max(...values)].map(
        (value) => `${printed(value)} ${unit}`,
      );
      return `| ${[what, ...cells, String(values.length), aim].join(' | ')} |`;
    }),
  ].join('\n');
