import { createHash, sign } from 'node:crypto';
import { HASHED, idOf, PLAIN, TRUSTED } from './minisign.ts';
import { publicBytes, type SigningKey } from './signing-key.ts';

/** The text of the file of the public key: what those need who check. */
export const formatPublicKey = ({ id, key }: SigningKey): string => {
  const bytes = Buffer.concat([Buffer.from(PLAIN), id, publicBytes(key)]);
  return `untrusted comment: minisign public key ${idOf(bytes)}\n${bytes.toString('base64')}\n`;
};

/**
 * The text of a signature's file over a content, as minisign makes it, with a comment that is signed as well.
 */
export const signMinisign = async (
  { id, key }: SigningKey,
  content: AsyncIterable<Uint8Array>,
  comment: string,
): Promise<string> => {
  const hash = createHash('blake2b512');
  for await (const piece of content) hash.update(piece);
  const signature = sign(null, hash.digest(), key);
  const line = comment.replaceAll(/[\r\n]/g, ' ');
  const global = sign(null, Buffer.concat([signature, Buffer.from(line)]), key);
  return [
    'untrusted comment: signature from plenum',
    Buffer.concat([Buffer.from(HASHED), id, signature]).toString('base64'),
    `${TRUSTED}${line}`,
    `${global.toString('base64')}\n`,
  ].join('\n');
};
