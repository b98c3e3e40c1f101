import { type ArtifactOptions, openArtifact } from './artifact.ts';
import { DEFAULT_LIMITS } from './image-limits.ts';

export interface SingleLayer {
  /** The digest of the manifest that is known already. */
  readonly knownDigest: string | undefined;
  /** Path of the file to write. */
  readonly file: string;
  readonly limitBytes: number;
}

/** Brings the one file of an artifact, unless it is known already. Throws ImageError, and an Error for several files. */
export const pullSingleLayer = async (
  options: Omit<ArtifactOptions, 'limits'>,
  { knownDigest, file, limitBytes }: SingleLayer,
): Promise<{ readonly digest: string; readonly isPulled: boolean }> => {
  const limits = { ...DEFAULT_LIMITS, blobBytes: limitBytes };
  const { digest, layers, download } = await openArtifact({ ...options, limits });
  if (digest === knownDigest) return { digest, isPulled: false };
  const [layer, ...others] = layers;
  if (!layer || others.length > 0) throw new Error(`it has ${layers.length} layers, and one is expected`);
  await download(layer, file);
  return { digest, isPulled: true };
};
