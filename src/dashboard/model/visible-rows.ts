/** Which part of a long list is drawn; what is above and below is empty space of the right height. */
export interface VisibleRows {
  readonly from: number;
  /** The first that is not drawn. */
  readonly to: number;
  readonly abovePx: number;
  readonly belowPx: number;
}

export const ROW_HEIGHT_PX = 36;
/** Rows that are drawn beyond the edges, so that scrolling shows no gaps. */
const MARGIN_ROWS = 15;
/** Shorter lists are drawn whole. */
const LONGEST_WHOLE = 150;

export const visibleRows = (count: number, scrollPx: number, heightPx: number): VisibleRows => {
  if (count <= LONGEST_WHOLE) return { from: 0, to: count, abovePx: 0, belowPx: 0 };
  const fitting = Math.ceil(heightPx / ROW_HEIGHT_PX);
  const last = Math.max(0, count - fitting);
  const first = Math.min(Math.floor(scrollPx / ROW_HEIGHT_PX), last);
  const from = Math.max(0, first - MARGIN_ROWS);
  const to = Math.min(count, first + fitting + MARGIN_ROWS);
  return { from, to, abovePx: from * ROW_HEIGHT_PX, belowPx: (count - to) * ROW_HEIGHT_PX };
};
