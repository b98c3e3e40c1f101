import { homedir } from 'node:os';
import { join } from 'node:path';
import { type ArtifactOptions, openArtifact } from '../../registry/artifact.ts';
import { type DockerConfig, readDockerConfig } from '../../registry/docker-config.ts';
import { DEFAULT_LIMITS } from '../../registry/image-limits.ts';
import { systemClock } from '../../runtime/clock.ts';
import type { PullArtifact } from '../../universe/sources/oci-reader.ts';

const WHOLE_LIMIT_MS = 180_000;

/** Pulls with the logins that `docker login` left for this user. */
export const pullArtifact: PullArtifact = async ({ name, knownDigest, file, limitBytes }) => {
  const options: ArtifactOptions = {
    name,
    config: await userConfig(),
    insecure: [],
    clock: systemClock,
    limits: { ...DEFAULT_LIMITS, blobBytes: limitBytes },
    signal: AbortSignal.timeout(WHOLE_LIMIT_MS),
  };
  const { digest, layers, download } = await openArtifact(options);
  if (digest === knownDigest) return { digest, isPulled: false };
  const [layer, ...others] = layers;
  if (!layer || others.length > 0) throw new Error(`it has ${layers.length} layers, and a universe is one`);
  await download(layer, file);
  return { digest, isPulled: true };
};

const userConfig = async (): Promise<DockerConfig> => {
  const folder = process.env.DOCKER_CONFIG ?? join(homedir(), '.docker');
  // Without one, registries are asked without a name.
  return readDockerConfig(join(folder, 'config.json')).catch(() => ({}));
};
