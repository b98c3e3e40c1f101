import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  scrypt,
} from 'node:crypto';
import { promisify } from 'node:util';
import { SignatureError } from './minisign.ts';

/** A key that signs: what only its owner has. */
export interface SigningKey {
  /** Eight bytes, as they stand in public keys and signatures. */
  readonly id: Buffer;
  readonly key: KeyObject;
}

/** Asked for only when the key is kept under a password. */
export type AskPassword = () => Promise<string>;

const SEED_BYTES = 32;
/** What stands before the seed of an Ed25519 key in the form that Node.js reads (RFC 8410). */
const SEED_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const ID_BYTES = 8;

/** A new key, at random. */
export const createSigningKey = (): SigningKey => withDerivedId(generateKeyPairSync('ed25519').privateKey);

/** The text of its file: PKCS #8, under the password unless that is empty. */
export const formatSigningKey = ({ key }: SigningKey, password: string): string =>
  key
    .export({
      type: 'pkcs8',
      format: 'pem',
      ...(password === '' ? {} : { cipher: 'aes-256-cbc', passphrase: password }),
    })
    .toString();

/**
 * Reads the text of a signing key: Ed25519 in PKCS #8 (made here, or by openssl) or a secret key of minisign. Throws
 * SignatureError when it is none, or the password does not open it.
 */
export const readSigningKey = async (text: string, askPassword: AskPassword): Promise<SigningKey> => {
  if (!text.includes('-----BEGIN')) return readMinisignSecret(text, askPassword);
  const isLocked = text.includes('ENCRYPTED');
  const passphrase = isLocked ? { passphrase: await askPassword() } : {};
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: text, format: 'pem', ...passphrase });
  } catch (cause) {
    const reason = isLocked ? 'the password does not open this key' : 'this is no private key';
    throw new SignatureError(reason, { cause });
  }
  if (key.asymmetricKeyType !== 'ed25519')
    throw new SignatureError(`this is a key of the kind ${key.asymmetricKeyType}; Ed25519 is needed`);
  return withDerivedId(key);
};

/** The 32 bytes by which signatures are checked. */
export const publicBytes = (key: KeyObject): Buffer =>
  createPublicKey(key).export({ type: 'spki', format: 'der' }).subarray(-SEED_BYTES);

/** PKCS #8 has no place for the number of a key: it follows from the key. */
const withDerivedId = (key: KeyObject): SigningKey => ({
  key,
  id: createHash('sha256').update(publicBytes(key)).digest().subarray(0, ID_BYTES),
});

/** Where things are in a secret key of minisign: kinds (6 bytes), salt, two limits of 8 bytes, then what is locked. */
const SALT_AT = 6;
const LIMITS_AT = 38;
const LOCKED_AT = 54;
const SECRET_BYTES = 158;
/** minisign takes as much as this for its keys. */
const LARGEST_MEMORY_BYTES = 1024 ** 3;
const BLOCK_SIZE = 8;

const derive = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(
  scrypt,
);

const readMinisignSecret = async (text: string, askPassword: AskPassword): Promise<SigningKey> => {
  const bytes = Buffer.from(text.trim().split(/\r?\n/).at(-1) ?? '', 'base64');
  if (bytes.length !== SECRET_BYTES || bytes.toString('latin1', 0, 2) !== 'Ed')
    throw new SignatureError('this is neither a private key (PEM) nor a secret key of minisign');
  const isLocked = bytes.toString('latin1', 2, 4) === 'Sc';
  const content = Buffer.from(bytes.subarray(LOCKED_AT));
  if (isLocked) {
    const stream = await keyStream(bytes, await askPassword());
    for (const [index, byte] of stream.entries()) content[index] = (content[index] ?? 0) ^ byte;
  }
  const id = content.subarray(0, ID_BYTES);
  const seed = content.subarray(ID_BYTES, ID_BYTES + SEED_BYTES);
  const expected = content.subarray(ID_BYTES + SEED_BYTES, ID_BYTES + 2 * SEED_BYTES);
  const key = createPrivateKey({
    key: Buffer.concat([SEED_PREFIX, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  // The public half stands in the file as well, and tells whether the password was right.
  if (!publicBytes(key).equals(expected))
    throw new SignatureError(isLocked ? 'the password does not open this key' : 'this key is broken');
  return { id, key };
};

/** By the parameters that libsodium makes of minisign's limits of operations and memory. */
const keyStream = async (secret: Buffer, password: string): Promise<Buffer> => {
  const operations = Number(secret.readBigUInt64LE(LIMITS_AT));
  const memory = Number(secret.readBigUInt64LE(LIMITS_AT + 8));
  const isByOperations = operations < memory / 32;
  const most = isByOperations ? operations / (BLOCK_SIZE * 4) : memory / (BLOCK_SIZE * 128);
  const cost = 2 ** Math.floor(Math.log2(most));
  const parallel = isByOperations ? 1 : Math.floor(operations / 4 / cost / BLOCK_SIZE);
  const needed = 128 * cost * BLOCK_SIZE;
  if (!(cost >= 2 && parallel >= 1 && parallel <= 16 && needed <= LARGEST_MEMORY_BYTES))
    throw new SignatureError('this key is locked in a way that would take too long to open');
  return derive(password, secret.subarray(SALT_AT, LIMITS_AT), SECRET_BYTES - LOCKED_AT, {
    N: cost,
    r: BLOCK_SIZE,
    p: parallel,
    maxmem: 2 * needed,
  });
};
