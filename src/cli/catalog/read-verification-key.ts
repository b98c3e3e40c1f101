import { readFileSync } from 'node:fs';
import { parseMinisignKey, SignatureError } from '../../universe/signing/minisign.ts';
import { CliError } from '../errors/cli-error.ts';

const KEY = /^RW[\w+/=]+$/;

/** The public key of minisign that a flag gives: itself, or the path of its file. Throws CliError. */
export const readVerificationKey = (given: string): string => {
  const text = KEY.test(given) ? given : readKeyFile(given);
  const line = text.trim().split(/\r?\n/).at(-1) ?? '';
  try {
    parseMinisignKey(line);
    return line;
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
    throw new CliError('usage', `The key to verify by cannot be used: ${error.message}`);
  }
};

const readKeyFile = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new CliError('not-found', `There is no key ${path}`, {
      hint: 'Give a public key of minisign, or the path of its file (minisign.pub)',
      cause: error,
    });
  }
};
