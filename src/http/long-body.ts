import { createGzip } from 'node:zlib';

/** A body in pieces, so that nothing that handles it stops the event loop for long. It never changes. */
export interface LongBody {
  readonly chunks: readonly Uint8Array[];
  /** Bytes of all chunks. */
  readonly length: number;
}

export const CHUNK_BYTES = 64 * 1024;
/** Chunks that are kept for the next bodies; 256 MB. */
const MAX_FREE_CHUNKS = 4096;
/** Fast, and nearly as small: what is as long as this repeats itself. */
const GZIP_LEVEL = 1;

/**
 * Chunks that are used again. Memory outside of the engine's heap makes it collect garbage, which with a large heap takes
 * longer than everything else about a long body.
 */
const freeChunks: Buffer[] = [];

/** Gives the chunks of a body back that nobody sends any more. */
export const recycle = ({ chunks }: LongBody): void => {
  for (const chunk of chunks) {
    const { buffer } = chunk;
    if (buffer.byteLength !== CHUNK_BYTES || freeChunks.length >= MAX_FREE_CHUNKS) continue;
    freeChunks.push(Buffer.from(buffer as ArrayBuffer));
  }
};

/** Has room ready for a body of so many bytes, which costs whoever fills it more than filling it does. With pauses. */
export function* reserveChunks(bytes: number): Generator<void, void> {
  const wanted = Math.min(Math.ceil(bytes / CHUNK_BYTES), MAX_FREE_CHUNKS);
  while (freeChunks.length < wanted) {
    freeChunks.push(Buffer.allocUnsafeSlow(CHUNK_BYTES));
    yield;
  }
}

/** Lets go of all chunks that are kept. */
export const forgetFreeChunks = (): void => {
  freeChunks.length = 0;
};

const utf8 = new TextEncoder();

/** Collects text or bytes into chunks of a size that sockets like. */
export class LongBodyWriter {
  readonly #chunks: Uint8Array[] = [];
  /** Of full chunks. */
  #length = 0;
  #text = '';
  #chunk: Buffer | undefined;
  #used = 0;

  get length(): number {
    this.#flushText();
    return this.#length + this.#used;
  }

  text(text: string): void {
    this.#text += text;
    if (this.#text.length >= CHUNK_BYTES) this.#flushText();
  }

  bytes(bytes: Uint8Array): void {
    this.#flushText();
    let rest = bytes;
    while (rest.length > 0) {
      const room = this.#room();
      const part = rest.length <= room.length ? rest : rest.subarray(0, room.length);
      room.set(part);
      this.#used += part.length;
      rest = rest.subarray(part.length);
    }
  }

  /** Adds what another writer has collected; that one is not to be used any more. */
  append(other: LongBodyWriter): void {
    this.#flushText();
    this.#endChunk();
    const { chunks, length } = other.finish();
    for (const chunk of chunks) this.#chunks.push(chunk);
    this.#length += length;
  }

  finish(): LongBody {
    this.#flushText();
    this.#endChunk();
    return { chunks: this.#chunks, length: this.#length };
  }

  #flushText(): void {
    let rest = this.#text;
    this.#text = '';
    while (rest !== '') {
      const { read, written } = utf8.encodeInto(rest, this.#room());
      this.#used += written;
      // Less room is left than the next character takes.
      if (written === 0) this.#endChunk();
      rest = rest.slice(read);
    }
  }

  /** What is free of the chunk that is being filled, or of a new one. */
  #room(): Buffer {
    if (this.#used === CHUNK_BYTES) this.#endChunk();
    this.#chunk ??= freeChunks.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES);
    return this.#chunk.subarray(this.#used);
  }

  #endChunk(): void {
    if (this.#chunk === undefined) return;
    this.#chunks.push(this.#chunk.subarray(0, this.#used));
    this.#length += this.#used;
    this.#chunk = undefined;
    this.#used = 0;
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
