import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Checksum } from './uri.ts';

/** Throws unless the file has the checksum. */
export const verifyChecksum = async (path: string, { algorithm, digest }: Checksum): Promise<void> => {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path), hash);
  const actual = hash.digest('hex');
  if (actual !== digest) throw new Error(`its ${algorithm} is ${actual}, expected ${digest}`);
};
