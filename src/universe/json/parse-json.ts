import type { Json } from './json.ts';

/** Digits of the longest integer that is kept exactly; a longer one is refused. */
const LONGEST_INTEGER_DIGITS = 10_000;
/** Deeper nesting is refused: no document a person writes comes near it, and what walks the value may recurse. */
const DEEPEST_NESTING = 200;

/** A text is no JSON; the message says what is wrong, with line and column. */
export class JsonSyntaxError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'JsonSyntaxError';
  }
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const STRING_MARK = /["\\]/g;
const SPACE = /[ \t\r\n]*/y;

/** Found in every text with a number that JSON.parse could round, and in few others. */
const LONG_NUMBER = /\d{16}|\d[eE][-+]?\d/;

/**
 * Parses strict JSON; of duplicate keys the last one wins. Integers stay exact (bigints beyond 2^53), also those
 * written with an exponent or a fraction of zeros. Throws JsonSyntaxError.
 */
export const parseJson = (text: string): Json => {
  const source = text.startsWith('\ufeff') ? text.slice(1) : text;
  if (!LONG_NUMBER.test(source)) {
    try {
      // Many times faster, and the same for ordinary numbers; what it refuses is read again for a better message.
      return limitNesting(JSON.parse(source), 0);
    } catch {}
  }
  const reader = new Reader(source);
  const value = reader.value(0);
  reader.end();
  return value;
};

class Reader {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): Json {
    if (depth > DEEPEST_NESTING) throw this.#error(`nested deeper than ${DEEPEST_NESTING} levels`);
    this.#take(SPACE);
    switch (this.#text[this.#position]) {
      case '{':
        return this.#object(depth);
      case '[':
        return this.#array(depth);
      case '"':
        return this.#string();
      case 't':
        return this.#word('true', true);
      case 'f':
        return this.#word('false', false);
      case 'n':
        return this.#word('null', null);
      default:
        return this.#number();
    }
  }

  end(): void {
    this.#take(SPACE);
    if (this.#position < this.#text.length) throw this.#unexpected('the end');
  }

  #object(depth: number): Json {
    const entries: [string, Json][] = [];
    this.#position++;
    if (this.#skips('}')) return {};
    do {
      this.#take(SPACE);
      const key = this.#string();
      if (!this.#skips(':')) throw this.#unexpected('":"');
      entries.push([key, this.value(depth + 1)]);
    } while (this.#skips(','));
    if (!this.#skips('}')) throw this.#unexpected('"," or "}"');
    return Object.fromEntries(entries);
  }

  #array(depth: number): Json {
    const elements: Json[] = [];
    this.#position++;
    if (this.#skips(']')) return elements;
    do elements.push(this.value(depth + 1));
    while (this.#skips(','));
    if (!this.#skips(']')) throw this.#unexpected('"," or "]"');
    return elements;
  }

  #string(): string {
    const start = this.#position;
    if (this.#text[start] !== '"') throw this.#unexpected('a string');
    for (STRING_MARK.lastIndex = start + 1; ; ) {
      const mark = STRING_MARK.exec(this.#text);
      this.#position = mark?.index ?? this.#text.length;
      if (!mark) throw this.#unexpected('the end of a string');
      if (mark[0] === '"') break;
      STRING_MARK.lastIndex = mark.index + 2;
    }
    this.#position++;
    try {
      return String(JSON.parse(this.#text.slice(start, this.#position)));
    } catch {
      this.#position = start;
      throw this.#error('a string holds a character or an escape that JSON does not allow');
    }
  }

  #number(): number | bigint {
    const start = this.#position;
    const token = this.#take(NUMBER);
    if (token === undefined) throw this.#unexpected('a value');
    const double = Number(token);
    if (Number.isFinite(double) && !(Math.abs(double) > Number.MAX_SAFE_INTEGER)) return double;
    const integer = exactInteger(token);
    if (integer !== undefined) return integer;
    if (Number.isFinite(double)) return double;
    this.#position = start;
    throw this.#error(`number ${token.slice(0, 40)} is too large`);
  }

  #word<T extends Json>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#position)) throw this.#unexpected('a value');
    this.#position += word.length;
    return value;
  }

  #skips(mark: string): boolean {
    this.#take(SPACE);
    if (this.#text[this.#position] !== mark) return false;
    this.#position++;
    return true;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#position;
    const token = pattern.exec(this.#text)?.[0];
    this.#position += token?.length ?? 0;
    return token;
  }

  #unexpected(expected: string): JsonSyntaxError {
    const found = this.#text[this.#position];
    return this.#error(
      `expected ${expected} but found ${found === undefined ? 'the end' : JSON.stringify(found)}`,
    );
  }

  #error(message: string): JsonSyntaxError {
    const before = this.#text.slice(0, this.#position);
    const line = before.split('\n').length;
    const column = this.#position - before.lastIndexOf('\n');
    return new JsonSyntaxError(`line ${line}, column ${column}: ${message}`);
  }
}

const limitNesting = (value: Json, depth: number): Json => {
  if (depth > DEEPEST_NESTING) throw new JsonSyntaxError('nested too deep');
  if (typeof value === 'object' && value !== null) {
    for (const entry of Object.values(value)) limitNesting(entry, depth + 1);
  }
  return value;
};

/** The integer that a decimal text stands for, or undefined when it is none or has too many digits. */
const exactInteger = (token: string): bigint | undefined => {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d+))?$/.exec(token) ?? [];
  const digits = whole + fraction;
  const shift = Number(exponent) - fraction.length;
  if (shift > LONGEST_INTEGER_DIGITS || digits.length > LONGEST_INTEGER_DIGITS) return undefined;
  if (shift >= 0) return BigInt(`${sign}${digits}${'0'.repeat(shift)}`);
  const dropped = digits.slice(shift);
  return /^0*$/.test(dropped) ? BigInt(`${sign}${digits.slice(0, shift) || '0'}`) : undefined;
};
