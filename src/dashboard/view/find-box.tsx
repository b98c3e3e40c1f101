import { keepInAddress, route } from '../navigation.ts';

/** What is looked for in the list that is shown; a link to the page keeps it. */
export const findText = (): string => (route.value.query.find ?? '').trim().toLowerCase();

/** Rows that have every word of what is looked for. */
export const found = <Row,>(rows: readonly Row[], textOf: (row: Row) => string): readonly Row[] => {
  const words = findText().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const text = textOf(row).toLowerCase();
    return words.every((word) => text.includes(word));
  });
};

/** The field for it; the key / leads there from everywhere. */
export const FindBox = ({ label }: { label: string }) => (
  <input
    type="search"
    data-find
    placeholder="Filter ( / )"
    aria-label={label}
    value={route.value.query.find ?? ''}
    onInput={({ currentTarget }) => keepInAddress('find', currentTarget.value)}
  />
);
