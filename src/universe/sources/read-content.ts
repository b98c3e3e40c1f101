import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { LARGEST_TREE_BYTES } from './file-tree.ts';
import type { RepositoryContent } from './loaded-repository.ts';
import { readBuiltRepository } from './read-built-repository.ts';
import { readTarRepository } from './read-tar-repository.ts';
import { readZipRepository } from './read-zip-repository.ts';
import { RepositoryError } from './repository-error.ts';

export interface ContentOptions {
  readonly file: string;
  /** What the file is, for messages. */
  readonly what: string;
  /** Folder for what archives need on the disk meanwhile. */
  readonly scratchDir: string;
  /** What its server says that it is, for messages. */
  readonly contentType?: string | undefined;
}

/** Enough to tell a tar archive. */
const HEAD_BYTES = 512;
const TAR_MARK_AT = 257;
const PIECE_BYTES = 256 * 1024;

/**
 * Reads a repository in one file, whatever it is by its first bytes: a built repository, or a zip or tar archive of a
 * folder repository; JSON and tar may be compressed by gzip. Throws RepositoryError when it is none or broken as a whole.
 */
export const readContent = async ({
  file,
  what,
  scratchDir,
  contentType,
}: ContentOptions): Promise<RepositoryContent> => {
  const head = await readHead(file, what);
  if (isZip(head)) return readZipRepository(file, what);
  const source = createReadStream(file, { highWaterMark: PIECE_BYTES });
  const pieces = isGzip(head) ? gunzipped(source, what) : source;
  const iterator = pieces[Symbol.asyncIterator]();
  try {
    const beginning = await takeHead(iterator);
    const all = joined(beginning, iterator);
    if (isTar(beginning)) return await readTarRepository(all, { what, scratchDir });
    if (/^\ufeff?\s*\{/.test(beginning.toString('utf8'))) return await readBuiltRepository(all, what);
  } finally {
    await iterator.return?.();
    source.destroy();
  }
  throw new RepositoryError(
    'bad-content-type',
    `${what} is no repository: expected a built one in JSON, or a zip or tar archive of a folder repository`,
    { actual: contentType },
  );
};

const isZip = (head: Buffer): boolean => head.toString('latin1', 0, 2) === 'PK';
const isGzip = (head: Buffer): boolean => head[0] === 0x1f && head[1] === 0x8b;
const isTar = (head: Buffer): boolean => head.toString('latin1', TAR_MARK_AT, TAR_MARK_AT + 5) === 'ustar';

const readHead = async (file: string, what: string): Promise<Buffer> => {
  const handle = await open(file);
  try {
    if ((await handle.stat()).size > LARGEST_TREE_BYTES)
      throw new RepositoryError('bad-content', `${what} is larger than ${LARGEST_TREE_BYTES} bytes`);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
};

/** The first pieces, until they are as long as a head has to be. */
const takeHead = async (pieces: AsyncIterator<Buffer>): Promise<Buffer> => {
  let head = Buffer.alloc(0);
  while (head.length < HEAD_BYTES) {
    const { done, value } = await pieces.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  return head;
};

async function* joined(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

/** What unpacks to more than a repository may have is given up in the middle. */
export async function* gunzipped(source: NodeJS.ReadableStream, what: string): AsyncGenerator<Buffer> {
  const unzip = source.pipe(createGunzip({ chunkSize: PIECE_BYTES }));
  source.on('error', (error) => unzip.destroy(error));
  let bytes = 0;
  try {
    for await (const piece of unzip as AsyncIterable<Buffer>) {
      bytes += piece.length;
      if (bytes > LARGEST_TREE_BYTES)
        throw new RepositoryError('bad-content', `${what} unpacks to more than ${LARGEST_TREE_BYTES} bytes`);
      yield piece;
    }
  } catch (error) {
    if (error instanceof RepositoryError) throw error;
    throw new RepositoryError('bad-content', `${what} cannot be unzipped`, { cause: error });
  } finally {
    unzip.destroy();
  }
}
