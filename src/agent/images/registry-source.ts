import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { digestOf } from '../../registry/digest.ts';
import type { Credentials } from '../../registry/docker-config.ts';
import { downloadBlob } from '../../registry/download-blob.ts';
import { ImageError } from '../../registry/image-error.ts';
import type { ImageLimits } from '../../registry/image-limits.ts';
import type { RegistryReference } from '../../registry/image-reference.ts';
import {
  ACCEPTED_TYPES,
  type Descriptor,
  type Manifest,
  type ManifestIndex,
  parseManifest,
} from '../../registry/manifest.ts';
import { readBounded } from '../../registry/read-bounded.ts';
import { locateRegistry } from '../../registry/registry-location.ts';
import { RegistrySession } from '../../registry/registry-session.ts';
import { retryBusy } from '../../registry/retry-busy.ts';
import type { Clock } from '../../runtime/clock.ts';
import { type ImageDocument, parseImageDocument } from './image-document.ts';
import type { FoundImage } from './image-source.ts';
import { choosePlatform } from './platform.ts';

export interface RegistrySourceOptions {
  readonly reference: RegistryReference;
  readonly credentials: Credentials | undefined;
  readonly insecure: readonly string[];
  readonly clock: Clock;
  readonly limits: ImageLimits;
  readonly signal: AbortSignal;
}

/** Finds an image in a registry: its manifest, through an index when there is one, and its configuration. */
export const findInRegistry = async (options: RegistrySourceOptions): Promise<FoundImage> => {
  const { reference, clock, limits } = options;
  const location = await locateRegistry(reference, options);
  const session = new RegistrySession({ ...options, ...location });
  const { manifest, digest } = await findManifest(session, options);
  const document = await readDocument(session, manifest.config, options);
  if (manifest.layers.length !== document.diffIds.length) {
    throw new ImageError(
      `The image has ${manifest.layers.length} layers, but its configuration names ${document.diffIds.length}`,
    );
  }
  return {
    digest,
    document,
    withLayer: async (index, { scratch, signal }, use) => {
      const descriptor = manifest.layers[index];
      if (!descriptor) throw new ImageError(`The image has no layer ${index}`);
      try {
        await downloadBlob({ session, descriptor, target: scratch, clock, limits, signal });
        await use(createReadStream(scratch));
      } finally {
        await rm(scratch, { force: true });
      }
    },
    close: async () => undefined,
  };
};

const findManifest = async (
  session: RegistrySession,
  options: RegistrySourceOptions,
): Promise<{ manifest: Manifest; digest: string }> => {
  const { reference } = options;
  const wanted = reference.digest?.text;
  const first = await readManifest(session, wanted ?? reference.tag, wanted, options);
  if (first.document.type === 'manifest') return { manifest: first.document, digest: first.digest };
  const { digest } = choosePlatform(first.document.manifests);
  const second = await readManifest(session, digest.text, digest.text, options);
  if (second.document.type === 'manifest') return { manifest: second.document, digest: second.digest };
  throw new ImageError('The index of the image leads to another index');
};

const readManifest = (
  session: RegistrySession,
  name: string,
  wanted: string | undefined,
  options: RegistrySourceOptions,
): Promise<{ document: Manifest | ManifestIndex; digest: string }> =>
  retryBusy(options, async () => {
    const { limits, signal } = options;
    const stream = await session.openManifest(name, ACCEPTED_TYPES, signal);
    const bytes = await readBounded(stream, limits.documentBytes, limits.answerMs);
    const stated = wanted ?? stream.headers['docker-content-digest'];
    const digest = checkedDigest(bytes, typeof stated === 'string' ? stated : undefined, 'manifest');
    return { document: parseManifest(bytes, stream.headers['content-type'], limits), digest };
  });

const readDocument = (
  session: RegistrySession,
  { digest, size }: Descriptor,
  options: RegistrySourceOptions,
): Promise<ImageDocument> =>
  retryBusy(options, async () => {
    const { limits, signal } = options;
    if (size > limits.documentBytes) throw new ImageError(`The configuration of the image has ${size} bytes`);
    const stream = await session.openBlob(digest, 0, signal);
    const bytes = await readBounded(stream, limits.documentBytes, limits.answerMs);
    checkedDigest(bytes, digest.text, 'configuration');
    return parseImageDocument(bytes, limits);
  });

const checkedDigest = (bytes: Buffer, wanted: string | undefined, what: string): string => {
  const actual = digestOf(bytes, wanted?.startsWith('sha512:') ? 'sha512' : 'sha256').text;
  if (wanted === undefined || wanted === actual) return actual;
  throw new ImageError(
    `The ${what} of the image should have the digest ${wanted.slice(0, 150)}, but has ${actual}`,
  );
};
