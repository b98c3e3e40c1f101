import { apiError } from './to-http-error.ts';

type Labels = Readonly<Record<string, string>>;
export type LabelSelector = (labels: Labels) => boolean;

/**
 * Reads a label selector (marathon.md 1.6.1): requirements with commas between them, all of which must hold. Each is a
 * `key`, `key == value`, `key != value`, `key in (a, b)` or `key notin (a, b)`; characters other than letters, digits and
 * `-_.` come after a backslash. Throws HttpError 422.
 */
export const parseLabelSelector = (text: string): LabelSelector => {
  const tokens = new Tokens(text);
  const requirements = [requirement(tokens)];
  while (tokens.skip(',')) requirements.push(requirement(tokens));
  if (!tokens.isAtEnd()) throw tokens.failure('a comma or the end is expected');
  return (labels) => requirements.every((holds) => holds(labels));
};

const requirement = (tokens: Tokens): LabelSelector => {
  const key = tokens.word('the key of a label');
  const valueIn = (labels: Labels): string | undefined =>
    Object.hasOwn(labels, key) ? labels[key] : undefined;
  if (tokens.skip('==')) {
    const wanted = tokens.word('a value');
    return (labels) => valueIn(labels) === wanted;
  }
  if (tokens.skip('!=')) {
    const unwanted = tokens.word('a value');
    return (labels) => valueIn(labels) !== undefined && valueIn(labels) !== unwanted;
  }
  const isIn = tokens.skip('in');
  if (!isIn && !tokens.skip('notin')) return (labels) => valueIn(labels) !== undefined;
  const values = valueSet(tokens);
  return (labels) => {
    const value = valueIn(labels);
    return value !== undefined && values.has(value) === isIn;
  };
};

const valueSet = (tokens: Tokens): Set<string> => {
  if (!tokens.skip('(')) throw tokens.failure('( is expected');
  const values = new Set([tokens.word('a value')]);
  while (tokens.skip(',')) values.add(tokens.word('a value'));
  if (!tokens.skip(')')) throw tokens.failure(') is expected');
  return values;
};

const WORD = /(?:[-A-Za-z0-9_.]|\\.)+/y;

/** A text that is read from its beginning; blanks before a token do not count. */
class Tokens {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Goes past a token if it is next. A word must not go on after it. */
  skip(token: string): boolean {
    this.#skipBlanks();
    if (!this.#text.startsWith(token, this.#position)) return false;
    const end = this.#position + token.length;
    if (/\w/.test(token) && /[-A-Za-z0-9_.\\]/.test(this.#text.charAt(end))) return false;
    this.#position = end;
    return true;
  }

  word(expected: string): string {
    this.#skipBlanks();
    WORD.lastIndex = this.#position;
    const found = WORD.exec(this.#text)?.[0];
    if (found === undefined) throw this.failure(`${expected} is expected`);
    this.#position += found.length;
    return found.replace(/\\(.)/g, '$1');
  }

  isAtEnd(): boolean {
    this.#skipBlanks();
    return this.#position === this.#text.length;
  }

  failure(reason: string): Error {
    return apiError(
      422,
      `Can not parse label selector '${this.#text}'. Reason: ${reason} at character ${this.#position + 1}`,
    );
  }

  #skipBlanks(): void {
    while (/\s/.test(this.#text.charAt(this.#position))) this.#position++;
  }
}
