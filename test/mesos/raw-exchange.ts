import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRecords } from '../../src/mesos/recordio.ts';

/** Bodies of requests and answers that went to and from a real Mesos, out of the bytes that were on the wire. */

const FIXTURES = join(import.meta.dirname, 'fixtures');

/** The body of a captured request or answer. */
export const rawBody = (name: string): Buffer => {
  const bytes = readFileSync(join(FIXTURES, `${name}.raw.bin`));
  const end = bytes.indexOf('\r\n\r\n');
  const head = bytes.toString('latin1', 0, end);
  const body = bytes.subarray(end + 4);
  return /^transfer-encoding: chunked$/im.test(head) ? unchunked(body) : body;
};

/** The records of a captured stream. */
export const rawRecords = async (name: string): Promise<Buffer[]> => {
  const records: Buffer[] = [];
  for await (const record of readRecords(one(rawBody(name)), 1_000_000)) records.push(record);
  return records;
};

async function* one(body: Buffer): AsyncGenerator<Buffer> {
  yield body;
}

const unchunked = (body: Buffer): Buffer => {
  const chunks: Buffer[] = [];
  let left = body;
  for (let lineEnd = left.indexOf('\r\n'); lineEnd > 0; lineEnd = left.indexOf('\r\n')) {
    const size = Number.parseInt(left.toString('latin1', 0, lineEnd), 16);
    chunks.push(left.subarray(lineEnd + 2, lineEnd + 2 + size));
    left = left.subarray(lineEnd + 2 + size + 2);
  }
  return Buffer.concat(chunks);
};
