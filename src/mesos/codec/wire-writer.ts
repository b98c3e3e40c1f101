const FIRST_SIZE = 1024;
/** A buffer that had to grow past this is not kept for the next message. */
const KEPT_SIZE = 1024 * 1024;
/** A call into the engine costs more than copying so many characters here. */
const LONGEST_COPIED_HERE = 48;
const TWO_TO_THE_32 = 2 ** 32;

/**
 * Writes the pieces of protobuf messages from the end to the beginning: when a message's length is due, its content
 * stands there already, so that nothing is measured beforehand or moved afterwards.
 */
export class WireWriter {
  #bytes = Buffer.allocUnsafe(FIRST_SIZE);
  #start = FIRST_SIZE;

  /** How many bytes there are. */
  get size(): number {
    return this.#bytes.length - this.#start;
  }

  /** What was written, in a buffer of its own; the writer is empty then. */
  finish(): Buffer {
    const message = Buffer.from(this.#bytes.subarray(this.#start));
    this.clear();
    return message;
  }

  clear(): void {
    if (this.#bytes.length > KEPT_SIZE) this.#bytes = Buffer.allocUnsafe(FIRST_SIZE);
    this.#start = this.#bytes.length;
  }

  tag(number: number, wireType: number): void {
    this.integer(number * 8 + wireType);
  }

  boolean(value: boolean): void {
    this.integer(value ? 1 : 0);
  }

  /** Any whole number; negative ones take ten bytes, as protobuf has it. */
  integer(value: number): void {
    if (value >= 0 && value < 128) {
      const place = this.#reserve(1);
      this.#bytes[place] = value;
    } else if (value >= 0 && value < TWO_TO_THE_32) {
      this.#varint(value >>> 0, 0);
    } else if (value >= 0 && value <= Number.MAX_SAFE_INTEGER) {
      this.#varint(value >>> 0, Math.floor(value / TWO_TO_THE_32));
    } else {
      const bits = BigInt.asUintN(64, BigInt(value));
      this.#varint(Number(bits & 0xffffffffn), Number(bits >> 32n));
    }
  }

  double(value: number): void {
    const place = this.#reserve(8);
    this.#bytes.writeDoubleLE(value, place);
  }

  /** Text, or bytes that are given in base64, with their length. */
  text(value: string, encoding: 'utf8' | 'base64'): void {
    if (encoding === 'base64') {
      const bytes = Buffer.from(value, 'base64');
      const place = this.#reserve(bytes.length);
      bytes.copy(this.#bytes, place);
      this.integer(bytes.length);
      return;
    }
    const length = Buffer.byteLength(value);
    const place = this.#reserve(length);
    if (length !== value.length || length > LONGEST_COPIED_HERE) this.#bytes.write(value, place);
    else for (let index = 0; index < length; index++) this.#bytes[place + index] = value.charCodeAt(index);
    this.integer(length);
  }

  #varint(low: number, high: number): void {
    let size = 1;
    for (let left = low, above = high; left > 127 || above > 0; size++) {
      left = ((left >>> 7) | (above << 25)) >>> 0;
      above >>>= 7;
    }
    let place = this.#reserve(size);
    let left = low;
    let above = high;
    for (; size > 1; size--) {
      this.#bytes[place++] = (left & 127) | 128;
      left = ((left >>> 7) | (above << 25)) >>> 0;
      above >>>= 7;
    }
    this.#bytes[place] = left;
  }

  /** Makes room in front of what is there and gives the place of its first byte. */
  #reserve(size: number): number {
    if (size > this.#start) {
      const used = this.size;
      const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, used + size));
      this.#bytes.copy(larger, larger.length - used, this.#start);
      this.#bytes = larger;
      this.#start = larger.length - used;
    }
    this.#start -= size;
    return this.#start;
  }
}
