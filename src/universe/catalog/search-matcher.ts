/** How a query judges a field. */
export interface Matcher {
  matches(field: string): boolean;
  /** 0: it is the whole field; then its beginning, the beginning of a word in it, any part; infinite: it does not match. */
  misfit(field: string): number;
  /** What is searched for, in lower case, when it may be any part of a field. */
  readonly part?: string;
}

/** Understands a query (reference 2.3). */
export const matcherOf = (query: string): Matcher =>
  query.includes('*') ? wildcardMatcher(query.split('*')) : partMatcher(query.toLowerCase());

const partMatcher = (part: string): Matcher => ({
  part,
  matches: (field) => field.toLowerCase().includes(part),
  misfit: (field) => {
    const text = field.toLowerCase();
    const at = text.indexOf(part);
    if (at < 0) return Number.POSITIVE_INFINITY;
    if (at === 0) return text.length === part.length ? 0 : 1;
    return beginsWord(text, part, at) ? 2 : 3;
  },
});

/** Whether the part stands at the beginning of a word, there or further on. */
const beginsWord = (text: string, part: string, first: number): boolean => {
  for (let at = first; at >= 0; at = text.indexOf(part, at + 1)) {
    if (!/[\p{L}\p{N}]/u.test(text.charAt(at - 1))) return true;
  }
  return false;
};

const wildcardMatcher = (parts: readonly string[]): Matcher => {
  const matches = (field: string): boolean => matchesWildcard(field, parts);
  return { matches, misfit: (field) => (matches(field) ? 0 : Number.POSITIVE_INFINITY) };
};

/** Part by part from the left, so that no pattern takes long. A star stands for no line break. */
const matchesWildcard = (field: string, parts: readonly string[]): boolean => {
  const [first = '', ...rest] = parts;
  const last = rest.pop() ?? '';
  if (/[\r\n]/.test(field) || !field.startsWith(first)) return false;
  let position = first.length;
  for (const part of rest) {
    const found = field.indexOf(part, position);
    if (found < 0) return false;
    position = found + part.length;
  }
  return field.endsWith(last) && field.length - last.length >= position;
};
