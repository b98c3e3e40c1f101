import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { errorCode, errorMessage } from '../runtime/error-message.ts';

/** A file of secrets cannot be used; the message says which and what to do. */
export class SecretFileError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'SecretFileError';
  }
}

/** Writes a file that only its owner may read, as a whole and durably; makes its folder. */
export const writeSecretFile = (file: string, text: string): void => {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${process.pid}.tmp`;
  const descriptor = openSync(temporary, 'w', 0o600);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, file);
};

/** Text of a file that holds secrets. Throws SecretFileError when it cannot be read, or can be by others. */
export const readSecretFile = (file: string): string => {
  try {
    if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
      throw new SecretFileError(`Others may read ${file}, which holds secrets: chmod 600 ${file}`);
    }
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof SecretFileError) throw error;
    throw new SecretFileError(`${file} cannot be read: ${errorMessage(error)}`, error);
  }
};

/** Like readSecretFile, and undefined when there is no such file. */
export const readSecretIfThere = (file: string): string | undefined => {
  try {
    statSync(file);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw new SecretFileError(`${file} cannot be read: ${errorMessage(error)}`, error);
  }
  return readSecretFile(file);
};
