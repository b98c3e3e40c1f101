import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { pushArtifact } from '../../registry/artifact.ts';
import { userDockerConfig } from '../../registry/docker-config.ts';
import { DEFAULT_LIMITS } from '../../registry/image-limits.ts';
import { systemClock } from '../../runtime/clock.ts';
import type { BuiltPackage } from '../../universe/building/built-package.ts';
import { repositoryPieces } from '../../universe/building/packages-for-release.ts';
import { repositoryMediaType } from '../../universe/building/releases.ts';

/** What a registry calls a universe that it keeps. */
const ARTIFACT_TYPE = 'application/vnd.dcos.universe.repo';
const WHOLE_LIMIT_MS = 300_000;

export interface RegistryPublication {
  /** `host[:port]/repository[:tag]`. */
  readonly name: string;
  readonly insecure: readonly string[];
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly signal: AbortSignal;
}

/**
 * Stores a built repository in a registry, as one file of the newest format, zipped: the same packages have the same
 * digest, which is the result. Goes by the logins of `docker login`. Throws ImageError when it is refused.
 */
export const publishToRegistry = async (
  packages: readonly BuiltPackage[],
  { name, insecure, env, signal }: RegistryPublication,
): Promise<string> => {
  const text = [...repositoryPieces(packages.map(({ json }) => json))].join('');
  const config = await userDockerConfig(env);
  const artifact = {
    type: ARTIFACT_TYPE,
    layers: [
      {
        mediaType: `${repositoryMediaType('v5')}+gzip`,
        bytes: await promisify(gzip)(text, { level: 9 }),
        title: 'universe.json.gz',
      },
    ],
  };
  return pushArtifact(
    {
      name,
      config,
      insecure,
      clock: systemClock,
      limits: DEFAULT_LIMITS,
      signal: AbortSignal.any([signal, AbortSignal.timeout(WHOLE_LIMIT_MS)]),
    },
    artifact,
  );
};
