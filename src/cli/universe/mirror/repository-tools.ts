import { homedir } from 'node:os';
import { join } from 'node:path';
import { openStream } from '../../../http/client.ts';
import { openArtifact } from '../../../registry/artifact.ts';
import { type DockerConfig, readDockerConfig } from '../../../registry/docker-config.ts';
import { DEFAULT_LIMITS } from '../../../registry/image-limits.ts';
import { systemClock } from '../../../runtime/clock.ts';
import type { RepositoryTools } from '../../../universe/sources/open-repository.ts';

const HEADERS_LIMIT_MS = 30_000;
const WHOLE_LIMIT_MS = 300_000;
const MOST_REDIRECTS = 5;

export interface ToolOptions {
  readonly cacheDir: string;
  readonly config: DockerConfig;
  readonly insecure: readonly string[];
  /** The release of DC/OS whose packages are wanted, for servers that choose by it. */
  readonly release: string;
  readonly signal: AbortSignal;
}

/** How repositories are read from the command line. */
export const repositoryTools = ({
  cacheDir,
  config,
  insecure,
  release,
  signal,
}: ToolOptions): RepositoryTools => ({
  cacheDir,
  userAgent: `plenum dcos/${release}`,
  fetchUrl: async ({ url, headers }) => {
    const { status, body, close, ...stream } = await openStream({
      url,
      headers,
      timeoutMs: HEADERS_LIMIT_MS,
      maxRedirects: MOST_REDIRECTS,
      signal: AbortSignal.any([signal, AbortSignal.timeout(WHOLE_LIMIT_MS)]),
    });
    const plain = Object.entries(stream.headers).map(([name, value]) => [name, [value].flat()[0]]);
    return { status, headers: Object.fromEntries(plain), body, close };
  },
  pullArtifact: async ({ name, knownDigest, file, limitBytes }) => {
    const { digest, layers, download } = await openArtifact({
      name,
      config,
      insecure,
      clock: systemClock,
      limits: { ...DEFAULT_LIMITS, blobBytes: limitBytes },
      signal: AbortSignal.any([signal, AbortSignal.timeout(WHOLE_LIMIT_MS)]),
    });
    if (digest === knownDigest) return { digest, isPulled: false };
    const [layer, ...others] = layers;
    if (!layer || others.length > 0) throw new Error(`it has ${layers.length} layers, and a universe is one`);
    await download(layer, file);
    return { digest, isPulled: true };
  },
});

/** The logins that `docker login` left for this user; without any, registries are asked without a name. */
export const userDockerConfig = (env: Readonly<NodeJS.ProcessEnv>): Promise<DockerConfig> =>
  readDockerConfig(join(env.DOCKER_CONFIG ?? join(homedir(), '.docker'), 'config.json')).catch(() => ({}));
