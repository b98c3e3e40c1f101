import { join } from 'node:path';
import type { ReadRepository } from './cached-source.ts';
import { withScratchFolder } from './download.ts';
import { readContent } from './read-content.ts';
import { RepositoryError } from './repository-error.ts';

/**
 * Gets the one file of an artifact out of an OCI registry, unless its manifest has the digest that is known already.
 * Rejects when the registry cannot be reached or refuses, and when the file is larger than the limit.
 */
export type PullArtifact = (request: {
  /** `host[:port]/repository[:tag][@digest]` */
  name: string;
  knownDigest: string | undefined;
  /** Path of the file to write. */
  file: string;
  limitBytes: number;
}) => Promise<{ readonly digest: string; readonly isPulled: boolean }>;

export interface OciReaderOptions {
  readonly name: string;
  readonly scratchDir: string;
  readonly pullArtifact: PullArtifact;
}

const LIMIT_BYTES = 128 * 1024 * 1024;

/** Reads a repository that lies in an OCI registry as an artifact of one layer: whatever a file may be. */
export const ociReader =
  ({ name, scratchDir, pullArtifact }: OciReaderOptions): ReadRepository =>
  (known) =>
    withScratchFolder(scratchDir, async (folder) => {
      const file = join(folder, 'layer');
      const { digest, isPulled } = await pullArtifact({
        name,
        knownDigest: known?.signature,
        file,
        limitBytes: LIMIT_BYTES,
      }).catch((error: unknown) => {
        if (error instanceof RepositoryError) throw error;
        const reason = error instanceof Error ? error.message : String(error);
        throw new RepositoryError('unreachable', `oci://${name} cannot be read: ${reason}`, { cause: error });
      });
      if (!isPulled) return { type: 'unchanged' };
      const content = await readContent({ file, what: `oci://${name}`, scratchDir: folder });
      return { type: 'read', ...content, signature: digest, digest };
    });
