/** The latest lines of a log, and no more of them than are looked at. */
export interface LogLines {
  readonly lines: readonly string[];
  /** How many were dropped at the beginning. */
  readonly dropped: number;
}

export const NO_LINES: LogLines = { lines: [], dropped: 0 };

const MOST_LINES = 5_000;

export const withLines = ({ lines, dropped }: LogLines, added: readonly string[]): LogLines => {
  const all = [...lines, ...added];
  const surplus = Math.max(0, all.length - MOST_LINES);
  return { lines: all.slice(surplus), dropped: dropped + surplus };
};

/** The lines that have a text, whatever its case. */
export const linesWith = ({ lines }: LogLines, text: string): readonly string[] => {
  const wanted = text.trim().toLowerCase();
  return wanted === '' ? lines : lines.filter((line) => line.toLowerCase().includes(wanted));
};
