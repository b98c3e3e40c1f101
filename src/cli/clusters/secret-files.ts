import { readFileSync, statSync } from 'node:fs';
import { errorMessage } from '../../runtime/error-message.ts';
import { CliError } from '../errors/cli-error.ts';

/** A token, password or private key from a file that nobody else may read. Throws CliError. */
export const readSecretFile = (file: string): string => {
  try {
    const { mode } = statSync(file);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new CliError('usage', `Others may read ${file}, which holds a secret`, {
        hint: `chmod 600 ${file}`,
      });
    }
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw error instanceof CliError ? error : unreadable(file, error);
  }
};

/** Certificates in PEM. Throws CliError. */
export const readCertificates = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw unreadable(file, error);
  }
};

const unreadable = (file: string, cause: unknown): CliError =>
  new CliError('failed', `${file} cannot be read: ${errorMessage(cause)}`, { cause });
