import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Digest } from '../../../registry/digest.ts';
import { parseDigest } from '../../../registry/digest.ts';
import { credentialsFor, type DockerConfig } from '../../../registry/docker-config.ts';
import { downloadBlob } from '../../../registry/download-blob.ts';
import { ImageError } from '../../../registry/image-error.ts';
import { DEFAULT_LIMITS, type ImageLimits } from '../../../registry/image-limits.ts';
import { parseImageReference, type RegistryReference } from '../../../registry/image-reference.ts';
import {
  ACCEPTED_TYPES,
  type Descriptor,
  type Manifest,
  type ManifestIndex,
  parseManifest,
} from '../../../registry/manifest.ts';
import { readBounded } from '../../../registry/read-bounded.ts';
import { checkedDigest } from '../../../registry/read-manifest.ts';
import { locateRegistry } from '../../../registry/registry-location.ts';
import { RegistrySession } from '../../../registry/registry-session.ts';
import { systemClock } from '../../../runtime/clock.ts';
import type { MirroredImage } from '../../../universe/mirroring/mirror-manifest.ts';

export interface ImageFetching {
  readonly config: DockerConfig;
  readonly insecure: readonly string[];
  /** Such as linux/amd64; of an image for several platforms only these are brought. */
  readonly platforms: readonly string[];
  /** Of one layer. */
  readonly limitBytes: number;
  readonly signal: AbortSignal;
}

/**
 * Brings an image into an OCI layout: its manifest, and of an index the manifests of the wanted platforms, each with all
 * its blobs, every one checked by its digest. Blobs that are there already are not fetched again. Throws ImageError.
 */
export const fetchImage = async (
  name: string,
  layout: string,
  { config, insecure, platforms, limitBytes, signal }: ImageFetching,
): Promise<MirroredImage> => {
  const reference = parseImageReference(name);
  if (reference.type === 'file') throw new ImageError(`${name} names a file, not a registry`);
  const limits = { ...DEFAULT_LIMITS, blobBytes: limitBytes };
  const location = await locateRegistry(reference, { insecure, limits, signal });
  const credentials = await credentialsFor(config, reference.registry, signal);
  const session = new RegistrySession({ ...location, reference, credentials, limits });
  const image = new Pulling({ session, layout, limits, signal });
  await mkdir(join(layout, 'blobs', 'sha256'), { recursive: true });
  await writeFile(join(layout, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  const { digest, document, mediaType } = await image.manifest(
    reference.digest?.text ?? reference.tag,
    reference.digest?.text,
  );
  if (document.type === 'manifest') await image.blobs(document);
  else await bringPlatforms(image, document, platforms);
  return { name: servedName(reference), tag: reference.tag, digest, mediaType };
};

const bringPlatforms = async (
  image: Pulling,
  { manifests }: ManifestIndex,
  platforms: readonly string[],
): Promise<void> => {
  const wanted = manifests.filter(({ os, architecture }) => platforms.includes(`${os}/${architecture}`));
  if (wanted.length === 0) throw new ImageError(`it is not there for ${platforms.join(', ')}`);
  for (const { digest } of wanted) {
    const { document } = await image.manifest(digest.text, digest.text);
    if (document.type === 'manifest') await image.blobs(document);
  }
};

/** Names of different registries stay apart; those of the usual one keep what they are called. */
const servedName = ({ registry, repository }: RegistryReference): string =>
  registry === 'registry-1.docker.io'
    ? repository
    : `${registry.replace(':', '_')}/${repository}`.toLowerCase();

class Pulling {
  readonly #options: { session: RegistrySession; layout: string; limits: ImageLimits; signal: AbortSignal };

  constructor(options: {
    session: RegistrySession;
    layout: string;
    limits: ImageLimits;
    signal: AbortSignal;
  }) {
    this.#options = options;
  }

  /** Stores a manifest under its digest. */
  async manifest(
    name: string,
    wanted: string | undefined,
  ): Promise<{ digest: string; document: Manifest | ManifestIndex; mediaType: string }> {
    const { session, limits, signal } = this.#options;
    const stream = await session.openManifest(name, ACCEPTED_TYPES, signal);
    const bytes = await readBounded(stream, limits.documentBytes, limits.answerMs);
    const type = stream.headers['content-type']?.split(';')[0]?.trim();
    const digest = checkedDigest(bytes, wanted, 'manifest');
    const document = parseManifest(bytes, type, limits);
    const parsed = parseDigest(digest);
    if (!parsed) throw new ImageError(`${digest} is no digest`);
    await this.#place(parsed, (file) => writeFile(file, bytes));
    return { digest, document, mediaType: type ?? 'application/vnd.oci.image.manifest.v1+json' };
  }

  async blobs({ config, layers }: Manifest): Promise<void> {
    const { session, limits, signal } = this.#options;
    for (const descriptor of [config, ...layers]) {
      if (await this.#has(descriptor)) continue;
      const download = (target: string) =>
        downloadBlob({ session, descriptor, target, clock: systemClock, limits, signal });
      await this.#place(descriptor.digest, download);
    }
  }

  async #has({ digest, size }: Descriptor): Promise<boolean> {
    return stat(this.#path(digest)).then(
      (stats) => stats.size === size,
      () => false,
    );
  }

  /** Whole or not at all, as two images may share a blob and be brought at once. */
  async #place(digest: Digest, write: (file: string) => Promise<void>): Promise<void> {
    const path = this.#path(digest);
    const part = `${path}.${process.hrtime.bigint()}`;
    await mkdir(join(path, '..'), { recursive: true });
    try {
      await write(part);
      await rename(part, path);
    } finally {
      await rm(part, { force: true });
    }
  }

  #path({ algorithm, hex }: Digest): string {
    return join(this.#options.layout, 'blobs', algorithm, hex);
  }
}
