import { userDockerConfig } from '../../registry/docker-config.ts';
import { pullSingleLayer } from '../../registry/pull-single-layer.ts';
import { systemClock } from '../../runtime/clock.ts';
import type { PullArtifact } from '../../universe/sources/oci-reader.ts';

const WHOLE_LIMIT_MS = 180_000;

/** Pulls with the logins that `docker login` left for this user. */
export const pullArtifact: PullArtifact = async ({ name, ...layer }) =>
  pullSingleLayer(
    {
      name,
      config: await userDockerConfig(process.env),
      insecure: [],
      clock: systemClock,
      signal: AbortSignal.timeout(WHOLE_LIMIT_MS),
    },
    layer,
  );
