import { type MinisignKey, SignatureError, verifyMinisign } from '../signing/minisign.ts';
import { RepositoryError } from './repository-error.ts';

/** What a signature's file is called beside what it signs. */
export const SIGNATURE_SUFFIX = '.minisig';
export const LARGEST_SIGNATURE_BYTES = 16 * 1024;

export interface SignedContent {
  readonly content: AsyncIterable<Uint8Array>;
  /** Text of the signature's file. */
  readonly signature: string;
  readonly key: MinisignKey;
  /** What it is, for messages. */
  readonly what: string;
}

/** Throws RepositoryError `bad-signature` unless the holder of the key has signed exactly this. */
export const checkSignature = async ({ content, signature, key, what }: SignedContent): Promise<void> => {
  try {
    await verifyMinisign(key, signature, content);
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
    throw new RepositoryError('bad-signature', `${what} is not what was signed: ${error.message}`, {
      cause: error,
    });
  }
};

/** There is no signature where one belongs. */
export const unsigned = (what: string, reason: string): RepositoryError =>
  new RepositoryError('bad-signature', `${what} has no signature that can be checked: ${reason}`);
