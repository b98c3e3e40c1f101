import { credentialsFor, type DockerConfig } from './docker-config.ts';
import { downloadBlob } from './download-blob.ts';
import { ImageError } from './image-error.ts';
import { parseImageReference, type RegistryReference } from './image-reference.ts';
import type { Descriptor } from './manifest.ts';
import { type ReadOptions, readManifest } from './read-manifest.ts';
import { locateRegistry } from './registry-location.ts';
import { RegistrySession } from './registry-session.ts';

export interface ArtifactOptions extends ReadOptions {
  /** `host[:port]/repository[:tag][@digest]`. */
  readonly name: string;
  /** Logins. */
  readonly config: DockerConfig;
  /** Registries that may be talked to without TLS, beside those of the loopback. */
  readonly insecure: readonly string[];
}

/** Something other than an image that a registry keeps as one: a manifest whose layers are files. */
export interface Artifact {
  /** Of the manifest. */
  readonly digest: string;
  readonly layers: readonly Descriptor[];
  /** Brings a layer into a file; nothing is left of the file when it fails. */
  download(layer: Descriptor, target: string): Promise<void>;
}

/** Finds an artifact. Throws ImageError when it is not there or may not be had. */
export const openArtifact = async (options: ArtifactOptions): Promise<Artifact> => {
  const { session, reference } = await openSession(options);
  const { digest: wanted, tag } = reference;
  const found = await readManifest(session, { name: wanted?.text ?? tag, digest: wanted?.text }, options);
  if (found.document.type === 'index') {
    throw new ImageError(`${options.name} is for several platforms: an artifact has one manifest`);
  }
  return {
    digest: found.digest,
    layers: found.document.layers,
    download: (descriptor, target) => downloadBlob({ ...options, session, descriptor, target }),
  };
};

export interface NewArtifact {
  /** Such as application/vnd.example.thing.v1. */
  readonly type: string;
  readonly layers: readonly {
    readonly mediaType: string;
    readonly bytes: Uint8Array;
    /** Name of the file that it is. */
    readonly title: string;
  }[];
  readonly annotations?: Readonly<Record<string, string>>;
}

const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';
/** What the image specification says for artifacts without a configuration. */
const EMPTY_TYPE = 'application/vnd.oci.empty.v1+json';
const EMPTY = Buffer.from('{}');

/** Stores an artifact under the tag of its name; gives the digest of its manifest. Throws ImageError when refused. */
export const pushArtifact = async (options: ArtifactOptions, artifact: NewArtifact): Promise<string> => {
  const { session, reference } = await openSession(options);
  const { signal } = options;
  const store = async (mediaType: string, bytes: Uint8Array): Promise<object> => {
    const { text: digest } = await session.pushBlob(bytes, signal);
    return { mediaType, digest, size: bytes.length };
  };
  const config = await store(EMPTY_TYPE, EMPTY);
  const layers: object[] = [];
  for (const { mediaType, bytes, title } of artifact.layers) {
    const stored = await store(mediaType, bytes);
    layers.push({ ...stored, annotations: { 'org.opencontainers.image.title': title } });
  }
  const manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    artifactType: artifact.type,
    config,
    layers,
    ...(artifact.annotations === undefined ? {} : { annotations: artifact.annotations }),
  };
  return session.pushManifest(reference.tag, MANIFEST_TYPE, Buffer.from(JSON.stringify(manifest)), signal);
};

const openSession = async (
  options: ArtifactOptions,
): Promise<{ session: RegistrySession; reference: RegistryReference }> => {
  const reference = parseImageReference(options.name);
  if (reference.type === 'file') throw new ImageError(`${options.name} names a file, not a registry`);
  const location = await locateRegistry(reference, options);
  const credentials = await credentialsFor(options.config, reference.registry, options.signal);
  return { reference, session: new RegistrySession({ ...options, ...location, reference, credentials }) };
};
