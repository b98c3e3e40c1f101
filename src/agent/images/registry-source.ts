import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { downloadBlob } from '../../registry/download-blob.ts';
import { ImageError } from '../../registry/image-error.ts';
import type { ImageLimits } from '../../registry/image-limits.ts';
import type { RegistryReference } from '../../registry/image-reference.ts';
import type { Descriptor, Manifest } from '../../registry/manifest.ts';
import { readBounded } from '../../registry/read-bounded.ts';
import { checkedDigest, readManifest } from '../../registry/read-manifest.ts';
import type { Credentials } from '../../registry/registry-credentials.ts';
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

const LOGIN_HINT = 'it needs a login: give the agent --docker-config, or the image a config secret';

/** Finds an image in a registry: its manifest, through an index when there is one, and its configuration. */
export const findInRegistry = async (options: RegistrySourceOptions): Promise<FoundImage> => {
  const { reference, clock, limits } = options;
  const location = await locateRegistry(reference, options);
  const session = new RegistrySession({ ...options, ...location, loginHint: LOGIN_HINT });
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
  const first = await readManifest(session, { name: wanted ?? reference.tag, digest: wanted }, options);
  if (first.document.type === 'manifest') return { manifest: first.document, digest: first.digest };
  const { digest } = choosePlatform(first.document.manifests);
  const second = await readManifest(session, { name: digest.text, digest: digest.text }, options);
  if (second.document.type === 'manifest') return { manifest: second.document, digest: second.digest };
  throw new ImageError('The index of the image leads to another index');
};

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
