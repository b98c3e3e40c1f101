import { JsonSyntaxError } from './parse-json.ts';

/** An element of the array as it stands in the text; `size` alone of one that is too large to be kept. */
export interface ArrayElement {
  readonly sizeBytes: number;
  readonly bytes?: Buffer;
}

type Expected =
  | 'start'
  | 'key or end'
  | 'key'
  | 'colon'
  | 'value'
  | 'element or end'
  | 'element'
  | 'next'
  | 'end';

const BYTE = {
  quote: 0x22,
  comma: 0x2c,
  colon: 0x3a,
  openBracket: 0x5b,
  backslash: 0x5c,
  closeBracket: 0x5d,
  openBrace: 0x7b,
  closeBrace: 0x7d,
};
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/**
 * Takes a JSON object piece by piece as it arrives, and hands out the elements of one of its arrays, which are not
 * parsed: of a text of many megabytes only one element is in memory. Throws JsonSyntaxError when the text around the
 * elements is no JSON, or holds the array twice or not at all.
 */
export class ArraySplitter {
  readonly #wantedKey: string;
  readonly #largestElementBytes: number;
  #expected: Expected = 'start';
  /** Bytes of the text before the present piece. */
  #offset = 0;
  #isWanted = false;
  #isFound = false;
  #isInArray = false;
  /** The value that has begun: how deep it is open, and whether a string or a scalar of it is. */
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  #isInScalar = false;
  /** Of the present piece, where what is kept of the value begins. */
  #keptFrom = -1;
  #kept: Buffer[] = [];
  #sizeBytes = 0;

  constructor(wantedKey: string, largestElementBytes: number) {
    this.#wantedKey = JSON.stringify(wantedKey);
    this.#largestElementBytes = largestElementBytes;
  }

  /** The elements that end in this piece. */
  push(piece: Buffer): ArrayElement[] {
    const elements: ArrayElement[] = [];
    let position = this.#offset === 0 && BYTE_ORDER_MARK.every((byte, at) => piece[at] === byte) ? 3 : 0;
    this.#keptFrom = position;
    while (position < piece.length) {
      if (this.#isOpen()) position = this.#goOn(piece, position, elements);
      else if (isSpace(piece[position])) position++;
      else this.#take(piece, position++);
    }
    if (this.#isOpen()) this.#keep(piece, piece.length);
    this.#offset += piece.length;
    return elements;
  }

  /** To be called when the text has ended. */
  end(): void {
    if (this.#isOpen() || this.#expected !== 'end') throw this.#error('the end comes too soon', 0);
    if (!this.#isFound) throw new JsonSyntaxError(`there is no array ${this.#wantedKey}`);
  }

  #isOpen(): boolean {
    return this.#depth > 0 || this.#isInString || this.#isInScalar;
  }

  /** Goes on with a value to its end, or to that of the piece. */
  #goOn(piece: Buffer, from: number, elements: ArrayElement[]): number {
    let position = from;
    for (; position < piece.length; position++) {
      const byte = piece[position];
      if (this.#isInString) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (byte === BYTE.backslash) this.#isEscaped = true;
        else if (byte === BYTE.quote) {
          this.#isInString = false;
          if (this.#depth === 0) break;
        }
      } else if (this.#isInScalar) {
        if (isScalarEnd(byte)) {
          this.#isInScalar = false;
          this.#finish(piece, position, elements);
          return position;
        }
      } else if (byte === BYTE.quote) this.#isInString = true;
      else if (byte === BYTE.openBrace || byte === BYTE.openBracket) this.#depth++;
      else if ((byte === BYTE.closeBrace || byte === BYTE.closeBracket) && --this.#depth === 0) break;
    }
    if (position === piece.length) return position;
    this.#finish(piece, position + 1, elements);
    return position + 1;
  }

  #finish(piece: Buffer, end: number, elements: ArrayElement[]): void {
    this.#keep(piece, end);
    const [first, ...more] = this.#kept;
    const whole = more.length === 0 ? first : Buffer.concat(this.#kept);
    const bytes = this.#sizeBytes > this.#largestElementBytes ? undefined : whole;
    if (this.#expected === 'key') {
      this.#isWanted = bytes?.toString('utf8') === this.#wantedKey;
      this.#expected = 'colon';
    } else {
      if (this.#isInArray) elements.push({ sizeBytes: this.#sizeBytes, ...(bytes ? { bytes } : {}) });
      this.#expected = 'next';
    }
    this.#kept = [];
    this.#sizeBytes = 0;
  }

  #keep(piece: Buffer, end: number): void {
    this.#sizeBytes += end - this.#keptFrom;
    const isOfUse = this.#isInArray || this.#expected === 'key';
    if (!isOfUse || this.#sizeBytes > this.#largestElementBytes) this.#kept = [];
    // Copied, because pieces are large, and most elements small.
    else this.#kept.push(Buffer.from(piece.subarray(this.#keptFrom, end)));
    this.#keptFrom = 0;
  }

  /** Takes what stands between values, or begins a value. */
  #take(piece: Buffer, position: number): void {
    const byte = piece[position];
    switch (this.#expected) {
      case 'start':
        this.#expect(byte, BYTE.openBrace, position, 'key or end');
        break;
      case 'colon':
        this.#expect(byte, BYTE.colon, position, 'value');
        break;
      case 'next':
        if (byte === BYTE.comma) this.#expected = this.#isInArray ? 'element' : 'key';
        else this.#close(byte, position);
        break;
      case 'key or end':
      case 'element or end':
        if (byte === BYTE.closeBrace || byte === BYTE.closeBracket) this.#close(byte, position);
        else {
          this.#expected = this.#isInArray ? 'element' : 'key';
          this.#take(piece, position);
        }
        break;
      case 'key':
        if (byte !== BYTE.quote) throw this.#error('expected a key', position);
        this.#begin(byte, position);
        break;
      case 'value':
        if (this.#isWanted && byte === BYTE.openBracket) {
          if (this.#isFound) throw this.#error(`${this.#wantedKey} is there twice`, position);
          this.#isFound = true;
          this.#isInArray = true;
          this.#expected = 'element or end';
        } else this.#begin(byte, position);
        break;
      case 'element':
        this.#begin(byte, position);
        break;
      case 'end':
        throw this.#error('expected the end', position);
    }
  }

  #begin(byte: number | undefined, position: number): void {
    this.#keptFrom = position;
    if (byte === BYTE.quote) this.#isInString = true;
    else if (byte === BYTE.openBrace || byte === BYTE.openBracket) this.#depth = 1;
    else if (isScalarEnd(byte) || byte === BYTE.colon) throw this.#error('expected a value', position);
    else this.#isInScalar = true;
  }

  #close(byte: number | undefined, position: number): void {
    this.#expect(
      byte,
      this.#isInArray ? BYTE.closeBracket : BYTE.closeBrace,
      position,
      this.#isInArray ? 'next' : 'end',
    );
    this.#isInArray = false;
  }

  #expect(byte: number | undefined, wanted: number, position: number, then: Expected): void {
    if (byte !== wanted) throw this.#error(`expected ${String.fromCharCode(wanted)}`, position);
    this.#expected = then;
  }

  #error(message: string, position: number): JsonSyntaxError {
    return new JsonSyntaxError(`byte ${this.#offset + position + 1}: ${message}`);
  }
}

const isSpace = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

const isScalarEnd = (byte: number | undefined): boolean =>
  isSpace(byte) || byte === BYTE.comma || byte === BYTE.closeBracket || byte === BYTE.closeBrace;
