import { createHash } from 'node:crypto';

/** Of the 1,900 bytes of a key, so that several parts fit into one. */
const LONGEST_PART = 500;

/**
 * Any id as one level of a key: without slashes, and of at most 500 bytes, whatever others call their things. What is longer
 * stands there as its SHA-256, after a character that no encoded id begins with.
 */
export const keyPart = (id: string): string => {
  const encoded = encodeURIComponent(id);
  return encoded.length <= LONGEST_PART ? encoded : `@${createHash('sha256').update(id).digest('hex')}`;
};
