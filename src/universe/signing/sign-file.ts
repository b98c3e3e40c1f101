import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { SIGNATURE_SUFFIX } from '../sources/check-signature.ts';
import { signMinisign } from './sign-minisign.ts';
import type { SigningKey } from './signing-key.ts';

/** Signs a file: writes the signature beside it, and gives its path. Throws the system's error. */
export const signFile = async (
  path: string,
  key: SigningKey,
  comment = `timestamp:${Math.floor(Date.now() / 1000)}\tfile:${basename(path)}\thashed`,
): Promise<string> => {
  const signature = `${path}${SIGNATURE_SUFFIX}`;
  await writeFile(signature, await signMinisign(key, createReadStream(path), comment));
  return signature;
};
