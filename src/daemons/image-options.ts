import type { AgentOptions } from '../agent/agent-options.ts';
import { parseDuration } from '../mesos/duration-text.ts';
import { type DaemonOptions, OptionError } from './daemon-options.ts';

/** Options of an agent about images, the container engine and the fetcher, under Mesos' names (mesos.md B.2). */
export const IMAGE_OPTIONS: readonly string[] = [
  'containerizers',
  'docker_config',
  'docker_registry',
  'insecure-registries',
  'docker_store_dir',
  'image_gc_config',
  'image_provisioner_backend',
  'docker_socket',
  'docker_remove_delay',
  'docker_kill_orphans',
  'fetcher_cache_dir',
  'fetcher_cache_size',
  'fetcher_stall_timeout',
  'frameworks_home',
];

/** Where an agent's images and files come from, as its arguments have it. */
export const imageOptions = (options: DaemonOptions): Partial<AgentOptions> => ({
  ...given('containerizers', options.optionalText('containerizers')),
  images: {
    ...given('dockerConfig', options.optionalText('docker_config')),
    ...given('dockerRegistry', options.optionalText('docker_registry')),
    ...given('dockerStoreDir', options.optionalText('docker_store_dir')),
    ...given('imageGcConfig', options.optionalText('image_gc_config')),
    ...given('imageProvisionerBackend', options.optionalText('image_provisioner_backend')),
    insecureRegistries: options.texts('insecure-registries'),
  },
  docker: {
    ...given('socket', options.optionalText('docker_socket')),
    ...given('removeDelayMs', durationOf(options, 'docker_remove_delay')),
    ...(options.optionalText('docker_kill_orphans') === undefined
      ? {}
      : { killsOrphans: options.flag('docker_kill_orphans') }),
  },
  ...given('fetcherCacheDir', options.optionalText('fetcher_cache_dir')),
  ...given('fetcherCacheBytes', bytesOf(options, 'fetcher_cache_size')),
  ...given('fetcherStallTimeoutMs', durationOf(options, 'fetcher_stall_timeout')),
  ...given('frameworksHome', options.optionalText('frameworks_home')),
});

const durationOf = (options: DaemonOptions, name: string): number | undefined => {
  const text = options.optionalText(name);
  if (text === undefined) return undefined;
  const duration = parseDuration(text);
  if (!(duration instanceof Error) && duration >= 1) return duration;
  throw new OptionError(`--${name} takes a duration such as 1mins, not ${text}`);
};

const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1024,
  MB: 1024 ** 2,
  GB: 1024 ** 3,
  TB: 1024 ** 4,
};

const bytesOf = (options: DaemonOptions, name: string): number | undefined => {
  const text = options.optionalText(name);
  if (text === undefined) return undefined;
  const [, amount, unit = ''] = /^(\d+)([KMGT]?B)$/.exec(text) ?? [];
  if (amount !== undefined) return Number(amount) * (UNITS[unit] ?? 1);
  throw new OptionError(`--${name} takes an amount such as 2GB, not ${text}`);
};

const given = <Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { [Key in Name]?: Value } => (value === undefined ? {} : ({ [name]: value } as { [Key in Name]: Value }));
