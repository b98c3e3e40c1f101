/** Somewhere that one can go to by its name. */
export interface Destination {
  readonly kind: string;
  readonly name: string;
  readonly to: readonly string[];
}

/** More are found by typing more. */
const MOST_FOUND = 12;

/** The destinations that have every word: those that begin with what was typed first, then the shorter ones. */
export const findDestinations = (all: Iterable<Destination>, text: string): readonly Destination[] => {
  const wanted = text.trim().toLowerCase();
  const words = wanted.split(/\s+/).filter(Boolean);
  const found: Destination[] = [];
  for (const destination of all) {
    const name = `${destination.kind} ${destination.name}`.toLowerCase();
    if (words.every((word) => name.includes(word))) found.push(destination);
  }
  const rank = ({ name }: Destination): number =>
    Number(!name.toLowerCase().replace(/^\//, '').startsWith(wanted));
  return found
    .sort((left, right) => rank(left) - rank(right) || left.name.length - right.name.length)
    .slice(0, MOST_FOUND);
};
