import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { errorMessage } from '../../runtime/error-message.ts';
import { CliError } from '../errors/cli-error.ts';

/** Writes an archive to a file for its owner alone, which is there whole or not at all. Throws CliError. */
export const saveArchive = async (
  archive: AsyncIterable<Buffer>,
  { name, file }: { readonly name: string; readonly file: string },
): Promise<void> => {
  const partial = `${file}.partial`;
  try {
    await pipeline(archive, createWriteStream(partial, { mode: 0o600 }));
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw new CliError('failed', `Bundle ${name} was not written to ${file}: ${errorMessage(error)}`, {
      cause: error,
    });
  }
};
