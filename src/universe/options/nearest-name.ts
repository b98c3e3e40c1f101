/** Names longer than this are not compared, so that the comparison costs nothing worth mentioning. */
const LONGEST_NAME = 64;

/** Of the known names the one that was probably meant, or undefined when none is near. */
export const nearestName = (name: string, known: readonly string[]): string | undefined => {
  if (name.length > LONGEST_NAME) return undefined;
  let nearest: { name: string; distance: number } | undefined;
  for (const candidate of known) {
    if (candidate.length > LONGEST_NAME) continue;
    const distance = editDistance(simplified(name), simplified(candidate));
    if (distance < (nearest?.distance ?? Number.POSITIVE_INFINITY)) nearest = { name: candidate, distance };
  }
  const tolerance = Math.max(1, Math.floor(name.length / 3));
  return nearest && nearest.distance <= tolerance ? nearest.name : undefined;
};

/** `nodeCount`, `node-count` and `node_count` are the same mistake. */
const simplified = (name: string): string => name.toLowerCase().replaceAll(/[-_. ]/g, '');

/** Insertions, deletions, replacements and swaps of neighbours between two words. */
const editDistance = (from: string, to: string): number => {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1];
      let cost = Math.min(
        at(previous, column) + 1,
        at(current, column - 1) + 1,
        at(previous, column - 1) + (isSame ? 0 : 1),
      );
      const isSwap =
        row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (isSwap) cost = Math.min(cost, at(beforePrevious, column - 2) + 1);
      current.push(cost);
    }
    beforePrevious = previous;
    previous = current;
  }
  return at(previous, to.length);
};

const at = (row: readonly number[], column: number): number => row[column] ?? 0;
