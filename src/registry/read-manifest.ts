import type { Clock } from '../runtime/clock.ts';
import { digestOf } from './digest.ts';
import { ImageError } from './image-error.ts';
import type { ImageLimits } from './image-limits.ts';
import { ACCEPTED_TYPES, type Manifest, type ManifestIndex, parseManifest } from './manifest.ts';
import { readBounded } from './read-bounded.ts';
import type { RegistrySession } from './registry-session.ts';
import { retryBusy } from './retry-busy.ts';

export interface ReadOptions {
  readonly clock: Clock;
  readonly limits: ImageLimits;
  readonly signal: AbortSignal;
}

/** Reads the manifest or index of a tag or a digest, which it then has to have. */
export const readManifest = (
  session: RegistrySession,
  { name, digest: wanted }: { readonly name: string; readonly digest?: string | undefined },
  options: ReadOptions,
): Promise<{ document: Manifest | ManifestIndex; digest: string }> =>
  retryBusy(options, async () => {
    const { limits, signal } = options;
    const stream = await session.openManifest(name, ACCEPTED_TYPES, signal);
    const bytes = await readBounded(stream, limits.documentBytes, limits.answerMs);
    const stated = wanted ?? stream.headers['docker-content-digest'];
    const digest = checkedDigest(bytes, typeof stated === 'string' ? stated : undefined, 'manifest');
    return { document: parseManifest(bytes, stream.headers['content-type'], limits), digest };
  });

/** The digest of what was sent; throws ImageError when another one is wanted. */
export const checkedDigest = (bytes: Buffer, wanted: string | undefined, what: string): string => {
  const actual = digestOf(bytes, wanted?.startsWith('sha512:') ? 'sha512' : 'sha256').text;
  if (wanted === undefined || wanted === actual) return actual;
  throw new ImageError(
    `The ${what} of the image should have the digest ${wanted.slice(0, 150)}, but has ${actual}`,
  );
};
