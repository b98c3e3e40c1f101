import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { Header } from 'tar';

/** One entry of a layer's archive; a file unless it says otherwise. */
export interface LayerEntry {
  path: string;
  content?: string | Buffer;
  type?: 'File' | 'Directory' | 'SymbolicLink' | 'Link' | 'CharacterDevice' | 'BlockDevice' | 'FIFO';
  linkpath?: string;
  mode?: number;
  uid?: number;
  gid?: number;
}

export interface BuiltImage {
  config: Buffer;
  /** As they are sent. */
  layers: readonly Buffer[];
  diffIds: readonly string[];
  manifest: Buffer;
  mediaType: string;
}

export interface ImageOptions {
  layers: readonly (readonly LayerEntry[])[];
  /** Entrypoint, Cmd, Env, User, WorkingDir. */
  config?: Readonly<Record<string, unknown>>;
  compress?: (tar: Buffer) => Buffer;
  format?: 'docker' | 'oci';
}

const BLOCK = 512;

export const sha256 = (bytes: string | Buffer): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** A tar archive, also of entries that no honest program writes. */
export const tarOf = (entries: readonly LayerEntry[]): Buffer => {
  const blocks = entries.flatMap(
    ({ path, content = '', type = 'File', linkpath, mode, uid = 0, gid = 0 }) => {
      const body = Buffer.from(content);
      const header = new Header({
        path,
        type,
        mode: mode ?? (type === 'Directory' ? 0o755 : 0o644),
        uid,
        gid,
        size: type === 'File' ? body.length : 0,
        mtime: new Date(1_600_000_000_000),
        ...(linkpath === undefined ? {} : { linkpath }),
      });
      const block = Buffer.alloc(BLOCK);
      header.encode(block);
      return [block, body, Buffer.alloc((BLOCK - (body.length % BLOCK)) % BLOCK)];
    },
  );
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
};

const TYPES = {
  docker: {
    manifest: 'application/vnd.docker.distribution.manifest.v2+json',
    config: 'application/vnd.docker.container.image.v1+json',
    layer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
  },
  oci: {
    manifest: 'application/vnd.oci.image.manifest.v1+json',
    config: 'application/vnd.oci.image.config.v1+json',
    layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
  },
};

/** An image out of the entries of its layers, the lowest first. */
export const buildImage = (options: ImageOptions): BuiltImage => {
  const { compress = gzipSync, format = 'oci' } = options;
  const types = TYPES[format];
  const tars = options.layers.map(tarOf);
  const layers = tars.map((tar) => compress(tar));
  const diffIds = tars.map(sha256);
  const config = Buffer.from(
    JSON.stringify({
      architecture: process.arch === 'x64' ? 'amd64' : process.arch,
      os: 'linux',
      config: options.config ?? {},
      rootfs: { type: 'layers', diff_ids: diffIds },
    }),
  );
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: types.manifest,
      config: { mediaType: types.config, digest: sha256(config), size: config.length },
      layers: layers.map((layer) => ({ mediaType: types.layer, digest: sha256(layer), size: layer.length })),
    }),
  );
  return { config, layers, diffIds, manifest, mediaType: types.manifest };
};

/** The archive that `docker save` writes. */
export const saveImage = (image: BuiltImage, tags: readonly string[]): Buffer => {
  const name = `${sha256(image.config).slice('sha256:'.length)}.json`;
  const layers = image.layers.map((_layer, index) => `layer-${index}/layer.tar`);
  return tarOf([
    { path: 'manifest.json', content: JSON.stringify([{ Config: name, RepoTags: tags, Layers: layers }]) },
    { path: name, content: image.config },
    ...image.layers.map((content, index) => ({ path: `layer-${index}/layer.tar`, content })),
  ]);
};

/** The files of an OCI layout with one image, by their path. */
export const layoutOf = (image: BuiltImage, name?: string): Record<string, Buffer> => {
  const blobs = [image.config, image.manifest, ...image.layers];
  const index = {
    schemaVersion: 2,
    manifests: [
      {
        mediaType: image.mediaType,
        digest: sha256(image.manifest),
        size: image.manifest.length,
        ...(name === undefined ? {} : { annotations: { 'org.opencontainers.image.ref.name': name } }),
      },
    ],
  };
  return {
    'oci-layout': Buffer.from('{"imageLayoutVersion":"1.0.0"}'),
    'index.json': Buffer.from(JSON.stringify(index)),
    ...Object.fromEntries(blobs.map((blob) => [`blobs/${sha256(blob).replace(':', '/')}`, blob])),
  };
};
