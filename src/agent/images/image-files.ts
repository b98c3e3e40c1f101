import { createReadStream, createWriteStream } from 'node:fs';
import { open, readFile, realpath, rm, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { ImageError, quoteStranger } from '../../registry/image-error.ts';
import type { ImageLimits } from '../../registry/image-limits.ts';
import { errorCode, errorMessage } from '../../runtime/error-message.ts';
import { indexArchive } from './index-archive.ts';

/** The files that an image in a file or a folder consists of, by their path. */
export interface ImageFiles {
  has(path: string): boolean;
  read(path: string, limitBytes: number): Promise<Buffer>;
  open(path: string): Promise<Readable>;
  close(): Promise<void>;
}

/** Opens a folder, a tar archive, or one that is compressed with gzip. Rejects with ImageError for anything else. */
export const openImageFiles = async (
  path: string,
  options: { limits: ImageLimits; scratch: string },
): Promise<ImageFiles> => {
  try {
    return (await stat(path)).isDirectory() ? await folderFiles(path) : await archiveFiles(path, options);
  } catch (error) {
    if (error instanceof ImageError) throw error;
    const reason = errorCode(error) === 'ENOENT' ? 'there is no such file' : errorMessage(error);
    throw new ImageError(`The image ${path} cannot be read: ${reason}`);
  }
};

const folderFiles = async (folder: string): Promise<ImageFiles> => {
  const root = await realpath(folder);
  const present = new Set<string>();
  for (const name of ['manifest.json', 'index.json']) {
    if (await stat(join(root, name)).catch(() => undefined)) present.add(name);
  }
  if (present.size === 0) throw new ImageError(`The folder ${folder} holds no image: it has no index.json`);
  const inside = async (path: string): Promise<string> => {
    const real = await realpath(join(root, path)).catch(() => undefined);
    if (real === undefined) throw missing(path);
    if (!real.startsWith(`${root}/`))
      throw new ImageError(`${quoteStranger(path)} lies outside of the image's folder`);
    return real;
  };
  return {
    has: (path) => present.has(path),
    read: async (path, limitBytes) => {
      const real = await inside(path);
      const { size } = await stat(real);
      if (size > limitBytes) throw tooLarge(path, size);
      return readFile(real);
    },
    open: async (path) => createReadStream(await inside(path)),
    close: async () => undefined,
  };
};

const archiveFiles = async (
  path: string,
  { limits, scratch }: { limits: ImageLimits; scratch: string },
): Promise<ImageFiles> => {
  const isPacked = await startsAsGzip(path);
  if (isPacked) await unpack(path, scratch, limits);
  const archive = isPacked ? scratch : path;
  const close = async (): Promise<void> => {
    if (isPacked) await rm(scratch, { force: true });
  };
  try {
    const entries = await indexArchive(archive);
    const find = (name: string) => {
      const entry = entries.get(posix.normalize(name));
      if (!entry) throw missing(name);
      return entry;
    };
    return {
      has: (name) => entries.has(name),
      read: async (name, limitBytes) => {
        const { start, size } = find(name);
        if (size > limitBytes) throw tooLarge(name, size);
        const file = await open(archive, 'r');
        try {
          const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, start);
          return buffer.subarray(0, bytesRead);
        } finally {
          await file.close();
        }
      },
      open: async (name) => {
        const { start, size } = find(name);
        return createReadStream(archive, { start, end: start + size - 1 });
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};

const startsAsGzip = async (path: string): Promise<boolean> => {
  const file = await open(path, 'r');
  try {
    const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
};

const unpack = async (path: string, target: string, limits: ImageLimits): Promise<void> => {
  let bytes = 0;
  const bounded = async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > limits.layerBytes)
        throw new ImageError(`${path} unpacks to more than ${limits.layerBytes} bytes`);
      yield chunk;
    }
  };
  try {
    await pipeline(
      createReadStream(path),
      createGunzip(),
      bounded,
      createWriteStream(target, { mode: 0o600 }),
    );
  } catch (error) {
    await rm(target, { force: true });
    throw error;
  }
};

const missing = (path: string): ImageError => new ImageError(`The image has no file ${quoteStranger(path)}`);

const tooLarge = (path: string, size: number): ImageError =>
  new ImageError(`The image's file ${quoteStranger(path)} has ${size} bytes, which is too much`);
