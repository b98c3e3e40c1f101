import { DecodeError } from './decode-json.ts';
import { DEEPEST_NESTING } from './value-forms.ts';

/** How a value's bytes are delimited on the wire. */
export const WIRE = { varint: 0, fixed64: 1, delimited: 2, groupStart: 3, groupEnd: 4, fixed32: 5 } as const;

const TWO_TO_THE_32 = 2 ** 32;

/**
 * Reads the pieces that protobuf messages are made of, within bounds: whatever the bytes say, nothing outside of them is
 * read, and every piece takes at least one of them. Throws DecodeError for bytes that are no protobuf.
 */
export class WireReader {
  readonly #bytes: Buffer;
  #end: number;
  #position = 0;
  /** The halves of the varint that was read last. */
  #low = 0;
  #high = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#end = bytes.byteLength;
  }

  get isAtEnd(): boolean {
    return this.#position >= this.#end;
  }

  /** The field's number and the wire type of the value that follows, in one number: number * 8 + wire type. */
  tag(): number {
    this.#varint();
    const tag = this.#low >>> 0;
    if (this.#high !== 0 || tag < 8) throw malformed();
    return tag;
  }

  boolean(): boolean {
    this.#varint();
    return (this.#low | this.#high) !== 0;
  }

  int32(): number {
    this.#varint();
    return this.#low;
  }

  uint32(): number {
    this.#varint();
    return this.#low >>> 0;
  }

  /** Exact up to 2^53; beyond, the nearest number, as when JSON is parsed. */
  int64(): number {
    this.#varint();
    return this.#high * TWO_TO_THE_32 + (this.#low >>> 0);
  }

  uint64(): number {
    this.#varint();
    return (this.#high >>> 0) * TWO_TO_THE_32 + (this.#low >>> 0);
  }

  double(): number {
    return this.#bytes.readDoubleLE(this.#take(8));
  }

  text(encoding: 'utf8' | 'base64'): string {
    const length = this.#length();
    const start = this.#take(length);
    return this.#bytes.toString(encoding, start, start + length);
  }

  /** Reads a value that its length precedes: within `read`, the value's end is the end. */
  within<Value>(read: () => Value): Value {
    const outerEnd = this.#end;
    const length = this.#length();
    this.#end = this.#take(length) + length;
    this.#position -= length;
    const value = read();
    this.#end = outerEnd;
    return value;
  }

  /** Passes over the value after a tag. */
  skip(tag: number, depth: number): void {
    switch (tag & 7) {
      case WIRE.varint:
        this.#varint();
        return;
      case WIRE.fixed64:
        this.#take(8);
        return;
      case WIRE.delimited:
        this.#take(this.#length());
        return;
      case WIRE.fixed32:
        this.#take(4);
        return;
      case WIRE.groupStart:
        this.#skipGroup(tag, depth + 1);
        return;
      default:
        throw malformed();
    }
  }

  #skipGroup(start: number, depth: number): void {
    if (depth > DEEPEST_NESTING) throw malformed();
    const end = start - WIRE.groupStart + WIRE.groupEnd;
    for (let tag = this.tag(); tag !== end; tag = this.tag()) this.skip(tag, depth);
  }

  #length(): number {
    const length = this.uint32();
    if (this.#high !== 0) throw malformed();
    return length;
  }

  /** Moves past so many bytes and gives the place of the first. */
  #take(length: number): number {
    const start = this.#position;
    if (length > this.#end - start) throw malformed();
    this.#position = start + length;
    return start;
  }

  /** Seven bits a byte, the lowest first: 28 bits make up the low half, 4 and 3 of the fifth byte are shared out. */
  #varint(): void {
    this.#high = 0;
    let low = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#byte();
      low |= (byte & 127) << shift;
      if (byte < 128) {
        this.#low = low;
        return;
      }
    }
    let byte = this.#byte();
    this.#low = low | ((byte & 15) << 28);
    let high = (byte & 127) >> 4;
    for (let shift = 3; byte >= 128; shift += 7) {
      if (shift > 31) throw malformed();
      byte = this.#byte();
      high |= (byte & 127) << shift;
    }
    this.#high = high;
  }

  #byte(): number {
    const byte = this.#position < this.#end ? this.#bytes[this.#position++] : undefined;
    if (byte === undefined) throw malformed();
    return byte;
  }
}

/** Mesos says no more than that the parser gave up. */
export const malformed = (detail?: string): DecodeError =>
  new DecodeError(`Failed to parse body into Call protobuf${detail === undefined ? '' : `: ${detail}`}`);
