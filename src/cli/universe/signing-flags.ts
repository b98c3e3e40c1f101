import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { string } from '@oclif/core/flags';
import { errorMessage } from '../../runtime/error-message.ts';
import { SignatureError } from '../../universe/signing/minisign.ts';
import { readSigningKey, type SigningKey } from '../../universe/signing/signing-key.ts';
import { CliError } from '../errors/cli-error.ts';
import { askSecret } from '../output/prompt.ts';
import type { Terminal } from '../output/terminal.ts';

const STANDARD_INPUT = 0;

export const passwordFileFlag = string({
  description: 'File with the password of the signing key; - reads standard input; default: it is asked for',
  helpValue: 'FILE',
});

export const signFlag = string({
  description:
    'Sign each file with this key, made by plenum universe keygen or minisign: for repo add --verify',
  helpValue: 'FILE',
});

/** The password that a file gives: its text without the line break at its end. Throws CliError. */
export const readPasswordFile = (file: string): string => {
  try {
    return readFileSync(file === '-' ? STANDARD_INPUT : resolve(file), 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw new CliError('usage', `The password cannot be read: ${errorMessage(error)}`, { cause: error });
  }
};

/** The key of a file; a password is asked for when there is one and no file gives it. Throws CliError. */
export const loadSigningKey = async (
  terminal: Terminal,
  { file, passwordFile }: { file: string; passwordFile: string | undefined },
): Promise<SigningKey> => {
  let text: string;
  try {
    text = readFileSync(resolve(file), 'utf8');
  } catch (error) {
    throw new CliError('not-found', `The signing key cannot be read: ${errorMessage(error)}`, {
      hint: 'plenum universe keygen NAME makes one',
      cause: error,
    });
  }
  const ask = async (): Promise<string> =>
    passwordFile === undefined
      ? askSecret(terminal, { message: `Password of ${file}`, flag: '--password-file' })
      : readPasswordFile(passwordFile);
  try {
    return await readSigningKey(text, ask);
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
    throw new CliError('usage', `The signing key ${file} cannot be used: ${error.message}`, { cause: error });
  }
};
