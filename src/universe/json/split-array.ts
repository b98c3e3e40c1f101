import { JsonSyntaxError } from './parse-json.ts';

/** What opens, closes or hides structure. */
const STRUCTURE = /["{}[\]]/g;
const STRING_MARK = /["\\]/g;
const SCALAR_END = /[\s,\]}]/g;
const SPACE = /[ \t\r\n]*/y;

/**
 * Splits an array that is the value of a key of a JSON object into the texts of its elements, which are not parsed: a
 * text of many megabytes can so be read piece by piece. Throws JsonSyntaxError when there is no such array, or when the
 * text around the elements is no JSON.
 */
export function* splitArray(text: string, wantedKey: string): Generator<string> {
  const scanner = new Scanner(text);
  let isFound = false;
  scanner.expect('{');
  if (!scanner.skips('}')) {
    do {
      const key = scanner.value();
      scanner.expect(':');
      if (key === JSON.stringify(wantedKey) && scanner.skips('[')) {
        isFound = true;
        yield* scanner.elements();
      } else {
        scanner.value();
      }
    } while (scanner.skips(','));
    scanner.expect('}');
  }
  scanner.expectEnd();
  if (!isFound) throw new JsonSyntaxError(`there is no array ${JSON.stringify(wantedKey)}`);
}

class Scanner {
  readonly #text: string;
  #position: number;

  constructor(text: string) {
    this.#text = text;
    this.#position = text.startsWith('\ufeff') ? 1 : 0;
  }

  *elements(): Generator<string> {
    if (this.skips(']')) return;
    do yield this.value();
    while (this.skips(','));
    this.expect(']');
  }

  /** The text of the value at the position, which is then behind it. */
  value(): string {
    this.#skipSpace();
    const start = this.#position;
    const first = this.#text[start];
    if (first === '"') this.#skipString();
    else if (first === '{' || first === '[') this.#skipNested();
    else this.#position = this.#find(SCALAR_END, start);
    if (this.#position === start) throw this.#error('expected a value');
    return this.#text.slice(start, this.#position);
  }

  skips(mark: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#position] !== mark) return false;
    this.#position++;
    return true;
  }

  expect(mark: string): void {
    if (!this.skips(mark)) throw this.#error(`expected ${mark}`);
  }

  expectEnd(): void {
    this.#skipSpace();
    if (this.#position < this.#text.length) throw this.#error('expected the end');
  }

  #skipNested(): void {
    let depth = 0;
    do {
      this.#position = this.#find(STRUCTURE, this.#position);
      const mark = this.#text[this.#position];
      if (mark === undefined) throw this.#error('the end comes too soon');
      if (mark === '"') {
        this.#skipString();
        continue;
      }
      depth += mark === '{' || mark === '[' ? 1 : -1;
      this.#position++;
    } while (depth > 0);
  }

  #skipString(): void {
    for (let from = this.#position + 1; ; ) {
      const mark = this.#find(STRING_MARK, from);
      if (mark >= this.#text.length) throw this.#error('a string does not end');
      this.#position = mark + 1;
      if (this.#text[mark] === '"') return;
      from = mark + 2;
    }
  }

  #skipSpace(): void {
    SPACE.lastIndex = this.#position;
    this.#position += SPACE.exec(this.#text)?.[0].length ?? 0;
  }

  #find(pattern: RegExp, from: number): number {
    pattern.lastIndex = from;
    return pattern.exec(this.#text)?.index ?? this.#text.length;
  }

  #error(message: string): JsonSyntaxError {
    return new JsonSyntaxError(`character ${this.#position + 1}: ${message}`);
  }
}
