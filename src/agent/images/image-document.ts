import { type Digest, parseDigest } from '../../registry/digest.ts';
import { ImageError } from '../../registry/image-error.ts';
import type { ImageLimits } from '../../registry/image-limits.ts';
import { isRecord, parseDocument } from '../../registry/manifest.ts';
import type { ImageConfig } from '../isolators/preparation-parts.ts';

/** What an image's configuration says: how to run it, and what its layers are once unpacked. */
export interface ImageDocument {
  readonly config: ImageConfig;
  /** Digests of the unpacked layers, the lowest first. */
  readonly diffIds: readonly Digest[];
}

/** Reads an image's configuration. Throws ImageError for one that is none. */
export const parseImageDocument = (bytes: Buffer, limits: ImageLimits): ImageDocument => {
  const document = parseDocument(bytes, 'configuration');
  const { rootfs, config } = document;
  const ids = isRecord(rootfs) && Array.isArray(rootfs.diff_ids) ? rootfs.diff_ids : [];
  if (ids.length > limits.layers) {
    throw new ImageError(`The image has ${ids.length} layers, more than ${limits.layers}`);
  }
  const diffIds = ids.map(parseDigest);
  if (diffIds.length === 0) throw new ImageError('The configuration of the image names no layers');
  return {
    config: imageConfigOf(isRecord(config) ? config : {}),
    diffIds: diffIds.map((diffId) => {
      if (diffId) return diffId;
      throw new ImageError('The configuration of the image names a layer without a valid digest');
    }),
  };
};

const imageConfigOf = (config: Readonly<Record<string, unknown>>): ImageConfig => ({
  entrypoint: wordsOf(config.Entrypoint),
  cmd: wordsOf(config.Cmd),
  env: Object.fromEntries(
    wordsOf(config.Env).flatMap((line) => {
      const at = line.indexOf('=');
      return at > 0 ? [[line.slice(0, at), line.slice(at + 1)]] : [];
    }),
  ),
  user: nonEmpty(config.User),
  workingDir: nonEmpty(config.WorkingDir),
});

const wordsOf = (value: unknown): string[] =>
  Array.isArray(value)
    ? value.filter((word): word is string => typeof word === 'string' && !word.includes('\0'))
    : [];

const nonEmpty = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' && !value.includes('\0') ? value : undefined;
