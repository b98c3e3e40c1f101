/** A record of the master's event stream is never longer than a state of a large cluster. */
const MOST_BYTES = 256 * 1024 * 1024;

const decoder = new TextDecoder();

/** Cuts a RecordIO stream (mesos.md 1.2) into its records, whatever the borders of its pieces. Throws on other input. */
export class RecordReader {
  #pending = new Uint8Array();

  /** The records that a further piece completes. */
  push(piece: Uint8Array): string[] {
    this.#pending = joined(this.#pending, piece);
    const records: string[] = [];
    for (let record = this.#take(); record !== undefined; record = this.#take()) records.push(record);
    return records;
  }

  #take(): string | undefined {
    const end = this.#pending.indexOf(10);
    if (end < 0) return undefined;
    const head = decoder.decode(this.#pending.subarray(0, end));
    const length = Number(head);
    if (!/^\d+$/.test(head) || length > MOST_BYTES)
      throw new Error(`Not a record length: ${head.slice(0, 20)}`);
    const start = end + 1;
    if (this.#pending.length < start + length) return undefined;
    const record = decoder.decode(this.#pending.subarray(start, start + length));
    this.#pending = this.#pending.slice(start + length);
    return record;
  }
}

const joined = (left: Uint8Array, right: Uint8Array): Uint8Array<ArrayBuffer> => {
  const both = new Uint8Array(left.length + right.length);
  both.set(left);
  both.set(right, left.length);
  return both;
};
