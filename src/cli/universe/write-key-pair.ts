import { rm, writeFile } from 'node:fs/promises';
import { errorMessage } from '../../runtime/error-message.ts';
import { CliError } from '../errors/cli-error.ts';

/** Writes both halves of a key, or none; what exists stays. Gives their paths, and throws CliError. */
export const writeKeyPair = async (
  path: string,
  texts: { readonly secret: string; readonly public: string },
): Promise<{ readonly secretKey: string; readonly publicKey: string }> => {
  const [secretKey, publicKey] = [`${path}.key`, `${path}.pub`];
  await writeNew(secretKey, texts.secret, 0o600);
  try {
    await writeNew(publicKey, texts.public, 0o644);
  } catch (error) {
    await rm(secretKey);
    throw error;
  }
  return { secretKey, publicKey };
};

const writeNew = async (path: string, text: string, mode: number): Promise<void> => {
  try {
    await writeFile(path, text, { mode, flag: 'wx' });
  } catch (error) {
    const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    throw exists
      ? new CliError('conflict', `${path} exists already: nothing was written`, { cause: error })
      : new CliError('failed', `${path} cannot be written: ${errorMessage(error)}`, { cause: error });
  }
};
