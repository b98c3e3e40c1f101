import { type Document, isMap, isNode, isScalar, type LineCounter } from 'yaml';

/** Keys and indexes that lead to a place in a document. */
export type PathSegments = readonly (string | number)[];

/** Finds places of a document in its text. */
export interface Locator {
  /** Line and column, from 1 on, of the value there or, when it is missing, of what should hold it. */
  value(path: PathSegments): { line: number; column: number };
  /** The same of the key. */
  key(path: PathSegments): { line: number; column: number };
  offset(offset: number): { line: number; column: number };
}

export const createLocator = (document: Document, lines: LineCounter): Locator => {
  const offset: Locator['offset'] = (at) => {
    const { line, col } = lines.linePos(at);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const value: Locator['value'] = (path) => {
    for (let length = path.length; length >= 0; length--) {
      const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return offset(node.range[0]);
    }
    return offset(0);
  };
  const key: Locator['key'] = (path) => {
    const holder = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
    const pair = isMap(holder)
      ? holder.items.find(({ key: candidate }) => isScalar(candidate) && candidate.value === path.at(-1))
      : undefined;
    return isScalar(pair?.key) && pair.key.range ? offset(pair.key.range[0]) : value(path);
  };
  return { value, key, offset };
};

/** A path as a JSON pointer. */
export const pointerOf = (path: PathSegments): string =>
  path.map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** The segments of a JSON pointer; what looks like an index is one. */
export const segmentsOf = (pointer: string): (string | number)[] =>
  pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((segment) => (/^\d+$/.test(segment) ? Number(segment) : segment));
