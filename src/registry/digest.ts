import { createHash } from 'node:crypto';

/** The hash of some content, which is its name in a registry. */
export interface Digest {
  readonly algorithm: 'sha256' | 'sha512';
  /** Lower-case hexadecimal. */
  readonly hex: string;
  /** As it is written: algorithm:hex. */
  readonly text: string;
}

const DIGEST = /^(?:(sha256):([0-9a-f]{64})|(sha512):([0-9a-f]{128}))$/;

/** Understands a digest of an algorithm that is registered; undefined for anything else. */
export const parseDigest = (text: unknown): Digest | undefined => {
  if (typeof text !== 'string') return undefined;
  const match = DIGEST.exec(text);
  if (!match) return undefined;
  const [, sha256, hex256, , hex512] = match;
  return {
    algorithm: sha256 === undefined ? 'sha512' : 'sha256',
    hex: hex256 ?? hex512 ?? '',
    text,
  };
};

/** The digest of bytes, by the algorithm of another one. */
export const digestOf = (bytes: string | Uint8Array, algorithm: Digest['algorithm'] = 'sha256'): Digest => {
  const hex = createHash(algorithm).update(bytes).digest('hex');
  return { algorithm, hex, text: `${algorithm}:${hex}` };
};
