import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HttpError } from '../http/http-error.ts';
import { send, sendJson } from '../http/respond.ts';
import type { Exchange, Router } from '../http/router.ts';
import type { MirrorManifest } from '../universe/mirroring/mirror-manifest.ts';
import { sendFile } from './send-file.ts';

export interface HostedMirror {
  readonly manifest: MirrorManifest;
  readonly folder: string;
}

const LARGEST_MANIFEST_BYTES = 4 * 1024 * 1024;
const DIGEST = /^(sha256):([0-9a-f]{64})$|^(sha512):([0-9a-f]{128})$/;
const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json';
const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';

/**
 * Serves what a mirror holds: files by their hash, and images as a registry that can only be read (OCI distribution
 * specification). What is there never changes under its name.
 */
export const addMirrorRoutes = (router: Router, mirror: () => HostedMirror): void => {
  router
    .on('GET', '/files/:hash/:name', (exchange) => sendMirroredFile(exchange, mirror()))
    .on('GET', '/v2', ({ response }) => {
      mirror();
      sendJson(response, 200, {}, { 'Docker-Distribution-Api-Version': 'registry/2.0' });
    })
    .on('GET', '/v2/*name/manifests/:reference', (exchange) => sendManifest(exchange, mirror()))
    .on('GET', '/v2/*name/blobs/:digest', (exchange) => sendBlob(exchange, mirror()));
};

const sendMirroredFile = async (exchange: Exchange, { manifest, folder }: HostedMirror): Promise<void> => {
  const { hash = '', name = '' } = exchange.params;
  const path = `files/${hash}/${name}`;
  const isHeld = Object.values(manifest.files).some((file) => file.path === path);
  if (!isHeld) throw new HttpError(404, `The mirror has no file ${path}`);
  await sendFile(exchange, {
    file: join(folder, path),
    etag: hash,
    contentType: 'application/octet-stream',
  });
};

const sendManifest = async (
  { response, params }: Exchange,
  { manifest, folder }: HostedMirror,
): Promise<void> => {
  const { name = '', reference = '' } = params;
  const tagged = Object.values(manifest.images).find(
    (image) => image.name === name && image.tag === reference,
  );
  const digest = DIGEST.test(reference) ? reference : tagged?.digest;
  const isKnown = Object.values(manifest.images).some((image) => image.name === name);
  if (!isKnown || digest === undefined)
    throw registryError('MANIFEST_UNKNOWN', `There is no image ${name}:${reference}`);
  const file = blobPath(folder, digest);
  const stats = await lstat(file).catch(() => undefined);
  if (!stats?.isFile() || stats.size > LARGEST_MANIFEST_BYTES) {
    throw registryError('MANIFEST_UNKNOWN', `There is no manifest ${digest}`);
  }
  const bytes = await readFile(file);
  send(response, 200, bytes, { 'Content-Type': typeOf(bytes), 'Docker-Content-Digest': digest });
};

/** What it says of itself, else what it looks like. */
const typeOf = (bytes: Buffer): string => {
  const { mediaType, manifests } = JSON.parse(bytes.toString('utf8')) as {
    mediaType?: string;
    manifests?: unknown;
  };
  return typeof mediaType === 'string' ? mediaType : Array.isArray(manifests) ? INDEX_TYPE : MANIFEST_TYPE;
};

const sendBlob = async (exchange: Exchange, { folder }: HostedMirror): Promise<void> => {
  const { digest = '' } = exchange.params;
  if (!DIGEST.test(digest)) throw registryError('DIGEST_INVALID', `${digest} is no digest`);
  await sendFile(exchange, {
    file: blobPath(folder, digest),
    etag: digest,
    contentType: 'application/octet-stream',
    headers: { 'Docker-Content-Digest': digest },
  });
};

const blobPath = (folder: string, digest: string): string => {
  const [algorithm = '', hex = ''] = digest.split(':');
  return join(folder, 'images', 'blobs', algorithm, hex);
};

const registryError = (code: string, message: string): HttpError =>
  new HttpError(404, message, { body: { errors: [{ code, message }] } });
