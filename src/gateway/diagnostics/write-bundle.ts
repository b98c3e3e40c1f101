import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { errorMessage } from '../../runtime/error-message.ts';
import type { BundleSource } from './bundle-sources.ts';

/** A bundle is for people to read and to send: beyond this nothing more is put into it. */
const MOST_BYTES = 256 * 1024 * 1024;
const AT_ONCE = 4;

/** Reads all sources into a zip file. Gives what could not be read; rejects when the file cannot be written, or on abort. */
export const writeBundle = async (
  file: string,
  sources: readonly BundleSource[],
  { signal: asked, mtime, errors: before }: { signal: AbortSignal; mtime: Date; errors: readonly string[] },
): Promise<readonly string[]> => {
  const zip = new ZipFile();
  const broken = new AbortController();
  const signal = AbortSignal.any([asked, broken.signal]);
  // The archive tells its errors beside its stream.
  zip.once('error', (error) => broken.abort(error));
  const written = pipeline(zip.outputStream, createWriteStream(file, { mode: 0o600, flags: 'wx' }), {
    signal,
  });
  const errors = [...before];
  const collect = async (): Promise<void> => {
    let total = 0;
    const waiting = [...sources];
    const collectNext = async (): Promise<void> => {
      for (let source = waiting.shift(); source; source = waiting.shift()) {
        signal.throwIfAborted();
        try {
          const content = await source.read();
          total += content.length;
          if (total > MOST_BYTES) throw new Error('the bundle is full');
          zip.addBuffer(content, source.path, { mtime });
        } catch (error) {
          errors.push(`${source.path}: ${errorMessage(error)}`);
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, collectNext));
    if (errors.length > 0) zip.addBuffer(Buffer.from(`${errors.join('\n')}\n`), 'errors.txt', { mtime });
    zip.end();
  };
  written.catch((error: unknown) => broken.abort(error));
  await Promise.all([collect(), written]);
  return errors;
};
