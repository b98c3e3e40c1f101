/** The v0 files API (mesos.md 3.11): what its requests ask for, and how its answers are written. */

/** The most that one read gives: 16 pages. */
export const MAX_READ_BYTES = 65_536;

export type FilesQuery<Wanted> =
  | ({ readonly type: 'wanted' } & Wanted)
  /** Text of an answer 400. */
  | { readonly type: 'wrong'; readonly message: string };

export const readPathQuery = (query: URLSearchParams): FilesQuery<{ readonly path: string }> => {
  const path = query.get('path');
  return path ? { type: 'wanted', path } : { type: 'wrong', message: "Expecting 'path=value' in query.\n" };
};

/** Which piece of a file; without an offset a pager wants to know where the end is, without a length all there is. */
export interface WantedPiece {
  readonly path: string;
  readonly offset: number | undefined;
  readonly length: number | undefined;
}

export const readPieceQuery = (query: URLSearchParams): FilesQuery<WantedPiece> => {
  const wanted = readPathQuery(query);
  if (wanted.type === 'wrong') return wanted;
  const numbers: Record<string, number | undefined> = {};
  for (const name of ['offset', 'length']) {
    const text = query.get(name);
    // -1, or missing, stands for "not given".
    if (text === null || text === '' || text === '-1') continue;
    const value = Number(text);
    if (!Number.isInteger(value)) {
      return { type: 'wrong', message: `Failed to parse ${name}: '${text}' is not a number.\n` };
    }
    if (value < 0) return { type: 'wrong', message: `Negative ${name} provided: ${value}.\n` };
    numbers[name] = value;
  }
  return { ...wanted, offset: numbers.offset, length: numbers.length };
};

/** The answer to a read. */
export const pieceJson = (
  { offset }: WantedPiece,
  { data, size }: { readonly data: Buffer; readonly size: number },
): { data: string; offset: number } =>
  offset === undefined ? { data: '', offset: size } : { data: data.toString('utf8'), offset };
