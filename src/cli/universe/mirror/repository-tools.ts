import { createFetchBody } from '../../../http/fetch-body.ts';
import type { DockerConfig } from '../../../registry/docker-config.ts';
import { pullSingleLayer } from '../../../registry/pull-single-layer.ts';
import { systemClock } from '../../../runtime/clock.ts';
import type { RepositoryTools } from '../../../universe/sources/open-repository.ts';

const HEADERS_LIMIT_MS = 30_000;
const WHOLE_LIMIT_MS = 300_000;

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
  fetchUrl: createFetchBody({ headersMs: HEADERS_LIMIT_MS, wholeMs: WHOLE_LIMIT_MS, signal }),
  pullArtifact: ({ name, ...layer }) =>
    pullSingleLayer(
      {
        name,
        config,
        insecure,
        clock: systemClock,
        signal: AbortSignal.any([signal, AbortSignal.timeout(WHOLE_LIMIT_MS)]),
      },
      layer,
    ),
});
