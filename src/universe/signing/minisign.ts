import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';

/** A public key in the format of minisign: who may have signed a repository. */
export interface MinisignKey {
  /** As people compare it: the last eight bytes are said first. */
  readonly id: string;
  readonly key: KeyObject;
}

/** A key or a signature cannot be used, or does not fit; the message is part of a sentence. */
export class SignatureError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SignatureError';
  }
}

const ALGORITHM_BYTES = 2;
const ID_BYTES = 8;
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const HEAD_BYTES = ALGORITHM_BYTES + ID_BYTES;
/** What stands before the 32 bytes of an Ed25519 key in the form that Node.js reads (RFC 8410). */
const KEY_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
export const PLAIN = 'Ed';
/** The signature is over a hash: what minisign makes unless told otherwise since 2021. */
export const HASHED = 'ED';
export const TRUSTED = 'trusted comment: ';

/** Reads a public key: its line in base64, or the two lines of its file. Throws SignatureError. */
export const parseMinisignKey = (text: string): MinisignKey => {
  const line = linesOf(text).at(-1) ?? '';
  const bytes = Buffer.from(line, 'base64');
  const isKey =
    bytes.length === HEAD_BYTES + KEY_BYTES && bytes.toString('latin1', 0, ALGORITHM_BYTES) === PLAIN;
  if (!isKey || bytes.toString('base64') !== line)
    throw new SignatureError(
      'this is no public key of minisign, such as RWQ…: the second line of a .pub file',
    );
  const der = Buffer.concat([KEY_PREFIX, bytes.subarray(HEAD_BYTES)]);
  return { id: idOf(bytes), key: createPublicKey({ key: der, format: 'der', type: 'spki' }) };
};

/**
 * Checks a signature file against what it is said to sign, and that its trusted comment belongs to it; gives the comment.
 * Throws SignatureError when it is of another key, broken, or does not fit.
 */
export const verifyMinisign = async (
  { id, key }: MinisignKey,
  signature: string,
  content: AsyncIterable<Uint8Array>,
): Promise<string> => {
  const [, signatureLine = '', commentLine = '', globalLine = ''] = linesOf(signature);
  const bytes = Buffer.from(signatureLine, 'base64');
  const global = Buffer.from(globalLine, 'base64');
  const isWhole = bytes.length === HEAD_BYTES + SIGNATURE_BYTES && global.length === SIGNATURE_BYTES;
  if (!isWhole || !commentLine.startsWith(TRUSTED)) throw new SignatureError('the signature is broken');
  const algorithm = bytes.toString('latin1', 0, ALGORITHM_BYTES);
  if (algorithm !== HASHED)
    throw new SignatureError('the signature is of a form that is not read: sign with minisign -S -H');
  if (idOf(bytes) !== id)
    throw new SignatureError(`it is signed by the key ${idOf(bytes)}, and ${id} is expected`);
  const hash = createHash('blake2b512');
  for await (const piece of content) hash.update(piece);
  const signed = bytes.subarray(HEAD_BYTES);
  if (!verify(null, hash.digest(), key, signed)) throw new SignatureError('the signature does not fit');
  const comment = commentLine.slice(TRUSTED.length);
  if (!verify(null, Buffer.concat([signed, Buffer.from(comment)]), key, global))
    throw new SignatureError('the comment of the signature was changed');
  return comment;
};

const linesOf = (text: string): string[] => text.trim().split(/\r?\n/);

/** Keys number themselves in little-endian order; the number is the same in public keys and signatures. */
export const idOf = (bytes: Buffer): string =>
  Buffer.from(bytes.subarray(ALGORITHM_BYTES, HEAD_BYTES)).reverse().toString('hex').toUpperCase();
