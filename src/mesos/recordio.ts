/** RecordIO (mesos.md 1.2): every record is its length in decimal, a line feed, and so many bytes. */

const LINE_FEED = 0x0a;
const LONGEST_LENGTH_DIGITS = 20;

/** A record in one piece, because some clients cannot put it together from several (mesos.md 8.2). */
export const encodeRecord = (message: string | Uint8Array): string | Uint8Array =>
  typeof message === 'string'
    ? `${Buffer.byteLength(message)}\n${message}`
    : Buffer.concat([Buffer.from(`${message.length}\n`), message]);

/** The records of a body as they arrive. Throws for what is no RecordIO, and for a record past the limit. */
export async function* readRecords(
  body: AsyncIterable<Uint8Array>,
  limitBytes: number,
): AsyncGenerator<Buffer> {
  let pending: Buffer = Buffer.alloc(0);
  for await (const chunk of body) {
    pending = pending.length === 0 ? Buffer.from(chunk) : Buffer.concat([pending, chunk]);
    for (;;) {
      const lineEnd = pending.indexOf(LINE_FEED);
      if (lineEnd < 0) {
        if (pending.length > LONGEST_LENGTH_DIGITS) throw new Error('The stream is not RecordIO');
        break;
      }
      const digits = pending.toString('latin1', 0, lineEnd);
      const length = /^\d+$/.test(digits) ? Number(digits) : Number.NaN;
      if (Number.isNaN(length)) throw new Error('The stream is not RecordIO');
      if (length > limitBytes) throw new Error(`A record of ${length} bytes is too long`);
      if (pending.length < lineEnd + 1 + length) break;
      yield pending.subarray(lineEnd + 1, lineEnd + 1 + length);
      pending = pending.subarray(lineEnd + 1 + length);
    }
  }
}
