import { createGzip } from 'node:zlib';

/** A body in pieces, so that nothing that handles it stops the event loop for long. It never changes. */
export interface LongBody {
  readonly chunks: readonly Uint8Array[];
  /** Bytes of all chunks. */
  readonly length: number;
}

export const CHUNK_BYTES = 64 * 1024;
/** Fast, and nearly as small: what is as long as this repeats itself. */
const GZIP_LEVEL = 1;

/** Collects text or bytes into chunks of a size that sockets like. */
export class LongBodyWriter {
  readonly #chunks: Uint8Array[] = [];
  #length = 0;
  #text = '';
  #pieces: Uint8Array[] = [];
  #pieceBytes = 0;

  get length(): number {
    if (this.#text !== '') this.#flushText();
    return this.#length + this.#pieceBytes;
  }

  text(text: string): void {
    if (this.#pieceBytes > 0) this.#flushPieces();
    this.#text += text;
    if (this.#text.length >= CHUNK_BYTES) this.#flushText();
  }

  bytes(bytes: Uint8Array): void {
    if (this.#text !== '') this.#flushText();
    this.#pieces.push(bytes);
    this.#pieceBytes += bytes.length;
    if (this.#pieceBytes >= CHUNK_BYTES) this.#flushPieces();
  }

  /** Adds what another writer has collected; that one is not to be used any more. */
  append(other: LongBodyWriter): void {
    this.#flush();
    const { chunks, length } = other.finish();
    for (const chunk of chunks) this.#chunks.push(chunk);
    this.#length += length;
  }

  finish(): LongBody {
    this.#flush();
    return { chunks: this.#chunks, length: this.#length };
  }

  #flush(): void {
    if (this.#text !== '') this.#flushText();
    if (this.#pieceBytes > 0) this.#flushPieces();
  }

  #flushText(): void {
    const bytes = Buffer.from(this.#text);
    this.#text = '';
    this.#chunks.push(bytes);
    this.#length += bytes.length;
  }

  #flushPieces(): void {
    const [only, ...others] = this.#pieces;
    const joined = only && others.length === 0 ? only : Buffer.concat(this.#pieces, this.#pieceBytes);
    this.#chunks.push(joined);
    this.#length += this.#pieceBytes;
    this.#pieces = [];
    this.#pieceBytes = 0;
  }
}

/** The body between two texts. */
export const wrapped = (before: string, { chunks, length }: LongBody, after: string): LongBody => {
  const [head, tail] = [Buffer.from(before), Buffer.from(after)];
  return { chunks: [head, ...chunks, tail], length: head.length + length + tail.length };
};

const zippedBodies = new WeakMap<LongBody, Promise<LongBody>>();

/** The body as gzip, made off the event loop and once for all who ask. */
export const zipped = (body: LongBody): Promise<LongBody> => {
  const known = zippedBodies.get(body);
  if (known) return known;
  const made = zip(body);
  zippedBodies.set(body, made);
  return made;
};

const zip = async ({ chunks }: LongBody): Promise<LongBody> => {
  const gzip = createGzip({ level: GZIP_LEVEL });
  const writing = (async () => {
    for (const chunk of chunks) {
      if (!gzip.write(chunk)) await new Promise((resolve) => gzip.once('drain', resolve));
    }
    gzip.end();
  })();
  const writer = new LongBodyWriter();
  for await (const chunk of gzip) writer.bytes(chunk);
  await writing;
  return writer.finish();
};
