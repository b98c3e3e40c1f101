import { type Digest, parseDigest } from './digest.ts';
import { ImageError, quoteStranger } from './image-error.ts';
import type { ImageLimits } from './image-limits.ts';

/** Content by its digest, as manifests name it. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
}

/** The parts of one image. */
export interface Manifest {
  readonly type: 'manifest';
  readonly config: Descriptor;
  /** The lowest first. */
  readonly layers: readonly Descriptor[];
}

/** The same image for several platforms, or several images in one layout. */
export interface ManifestIndex {
  readonly type: 'index';
  readonly manifests: readonly IndexEntry[];
}

export interface IndexEntry extends Descriptor {
  readonly os: string | undefined;
  readonly architecture: string | undefined;
  readonly variant: string | undefined;
  readonly annotations: Readonly<Record<string, unknown>>;
}

const INDEX_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];
const MANIFEST_TYPES = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

export const ACCEPTED_TYPES = [...MANIFEST_TYPES, ...INDEX_TYPES].join(',');

/** Reads a manifest or an index. Throws ImageError for what is none, or is out of bounds. */
export const parseManifest = (
  bytes: Buffer,
  contentType: string | undefined,
  limits: ImageLimits,
): Manifest | ManifestIndex => {
  const document = parseDocument(bytes, 'manifest');
  const stated =
    typeof document.mediaType === 'string' ? document.mediaType : contentType?.split(';')[0]?.trim();
  const isIndex = Array.isArray(document.manifests);
  const known = isIndex ? INDEX_TYPES : MANIFEST_TYPES;
  const isUntyped =
    stated === undefined || stated === 'application/json' || stated === 'application/octet-stream';
  if (document.schemaVersion !== 2 || !(isUntyped || known.includes(stated))) {
    throw new ImageError(`Unsupported manifest MIME type: ${quoteStranger(stated ?? 'none')}`);
  }
  if (isIndex) {
    return { type: 'index', manifests: (document.manifests as unknown[]).map(indexEntryOf) };
  }
  if (!Array.isArray(document.layers)) throw new ImageError('The manifest names no layers');
  if (document.layers.length > limits.layers) {
    throw new ImageError(`The image has ${document.layers.length} layers, more than ${limits.layers}`);
  }
  return {
    type: 'manifest',
    config: descriptorOf(document.config),
    layers: document.layers.map(descriptorOf),
  };
};

/** A JSON object out of bytes of a stranger. */
export const parseDocument = (bytes: Buffer, what: string): Readonly<Record<string, unknown>> => {
  let document: unknown;
  try {
    document = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new ImageError(`The ${what} of the image is not valid JSON`);
  }
  if (isRecord(document)) return document;
  throw new ImageError(`The ${what} of the image is not a JSON object`);
};

const indexEntryOf = (value: unknown): IndexEntry => {
  const { platform, annotations } = isRecord(value) ? value : {};
  const { os, architecture, variant } = isRecord(platform) ? platform : {};
  return {
    ...descriptorOf(value),
    os: textOf(os),
    architecture: textOf(architecture),
    variant: textOf(variant),
    annotations: isRecord(annotations) ? annotations : {},
  };
};

const descriptorOf = (value: unknown): Descriptor => {
  const { mediaType, digest: digestText, size } = isRecord(value) ? value : {};
  const digest = parseDigest(digestText);
  if (!digest || typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    throw new ImageError('The manifest names something without a valid digest and size');
  }
  return { mediaType: textOf(mediaType) ?? '', digest, size };
};

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
