import { describe, expect, it } from 'vitest';

/** Stands for a value that is not there. */
export const ABSENT = Symbol('absent');

/** Where a value is in a document, as Marathon writes places; one that just fits, one that just does not, and what is said. */
export type FieldRule = [path: string, fits: unknown, breaks: unknown, message: string];

interface Ruled {
  /** Accepted as it is. */
  readonly base: object;
  /** What is wrong about a document, as `path: message`. */
  readonly find: (document: unknown) => Promise<string[]>;
}

/** Two sides of every rule: what just fits is accepted, what just does not is refused at its place and nowhere else. */
export const describeFieldRules = (
  title: string,
  { base, find }: Ruled,
  rules: readonly FieldRule[],
): void => {
  describe(`${title}: a value at`, () => {
    it('no place is wrong to begin with', async () => {
      expect(await find(base)).toEqual([]);
    });

    it.each(rules)('%s may be %j, and not %j', async (path, fits, breaks, message) => {
      expect(await find(withValue(base, path, fits))).toEqual([]);
      expect(await find(withValue(base, path, breaks))).toEqual([`${path}: ${message}`]);
    });
  });
};

/** A copy of a document with another value at a place; what is missing on the way there is made. */
const withValue = (document: object, path: string, value: unknown): object => {
  const copy: Node = JSON.parse(JSON.stringify(document));
  const keys = path.split(/[/()]+/).filter((key) => key !== '');
  const last = keys.pop() ?? '';
  let node = copy;
  for (const [index, key] of keys.entries()) {
    const next = node[key] ?? (/^\d+$/.test(keys[index + 1] ?? last) ? [] : {});
    node[key] = next;
    node = next as Node;
  }
  if (value === ABSENT) delete node[last];
  else node[last] = value;
  return copy;
};

/** An object, or an array by its indices. */
type Node = Record<string, unknown>;
