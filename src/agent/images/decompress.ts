import { spawn } from 'node:child_process';
import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import zlib from 'node:zlib';
import { ImageError } from '../../registry/image-error.ts';
import { errorCode, errorMessage } from '../../runtime/error-message.ts';

type Duplex = NodeJS.ReadWriteStream;

const GZIP = Buffer.from([0x1f, 0x8b]);
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/**
 * The contents of a layer, whatever it is compressed with: its first bytes say it, since media types are often wrong.
 * Node.js 20 knows no zstd; the program of that name does it then, where there is one.
 */
export async function* decompress(source: Readable, signal: AbortSignal): AsyncGenerator<Buffer> {
  const iterator = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let head = Buffer.alloc(0);
  while (head.length < ZSTD.length) {
    const { value, done } = await iterator.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  const whole = prefixed(head, iterator);
  if (head.subarray(0, GZIP.length).equals(GZIP)) yield* through(zlib.createGunzip(), whole, 'gzip');
  else if (head.subarray(0, ZSTD.length).equals(ZSTD)) yield* throughZstd(whole, signal);
  else yield* whole;
}

async function* prefixed(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  for (;;) {
    const { value, done } = await rest.next();
    if (done) return;
    yield value;
  }
}

async function* through(stream: Duplex, source: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  const output = new PassThrough();
  let problem: unknown;
  const ended = pipeline(source, stream, output).catch((error: unknown) => {
    problem = error;
  });
  try {
    yield* output as AsyncIterable<Buffer>;
  } catch (error) {
    await ended;
    throw new ImageError(`A layer is not valid ${name}: ${errorMessage(problem ?? error)}`, { cause: error });
  } finally {
    output.destroy();
  }
}

async function* throughZstd(source: AsyncIterable<Buffer>, signal: AbortSignal): AsyncGenerator<Buffer> {
  // Only newer lines of Node.js have it, and their types are not those of the oldest.
  const { createZstdDecompress } = zlib as { createZstdDecompress?: () => Duplex };
  if (createZstdDecompress) {
    yield* through(createZstdDecompress(), source, 'zstd');
    return;
  }
  const child = spawn('zstd', ['-dc'], { stdio: ['pipe', 'pipe', 'ignore'], signal });
  const ended = new Promise<void>((resolve, reject) => {
    child.on('error', (error) => reject(errorCode(error) === 'ENOENT' ? noZstd() : error));
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new ImageError('A layer is not valid zstd')),
    );
  });
  const fed = pipeline(source, child.stdin).catch(() => undefined);
  ended.catch(() => undefined);
  try {
    yield* child.stdout as AsyncIterable<Buffer>;
    await ended;
    await fed;
  } finally {
    child.kill('SIGKILL');
  }
}

const noZstd = (): ImageError =>
  new ImageError(
    `A layer is compressed with zstd, which Node.js ${process.versions.node} does not know: install the program zstd, or use Node.js 22.15 or newer`,
  );
