import { isIPv4 } from 'node:net';
import type { MasterInfo } from '../mesos/generated/mesos.ts';
import type { AllocatorOptions } from './allocator/allocator.ts';
import { DEFAULT_SETTINGS, type MasterSettings } from './core/settings.ts';
import type { MasterOptions } from './master-options.ts';

const LOOPBACK = '127.0.0.1';
const ANY = '0.0.0.0';

export const buildSettings = (options: MasterOptions, port: number): MasterSettings => {
  const { host = LOOPBACK, flags = {} } = options;
  const ip = isIPv4(host) && host !== ANY ? host : LOOPBACK;
  return {
    ...DEFAULT_SETTINGS,
    ...flags,
    version: options.version,
    hostname: options.hostnames?.[0] ?? ip,
    ip,
    port,
  };
};

/** What of the options concerns the allocator. */
export const allocatorOptions = (
  { flags = {}, random }: Pick<MasterOptions, 'flags' | 'random'>,
  { allocationIntervalMs, domain, isPreempting }: MasterSettings,
): AllocatorOptions => ({
  random,
  allocationIntervalMs,
  areGuaranteesHeld: isPreempting,
  ...(domain === undefined ? {} : { domain }),
  ...(flags.minAllocatable === undefined ? {} : { minAllocatable: flags.minAllocatable }),
  ...(flags.roleSorter === undefined ? {} : { roleSorter: flags.roleSorter }),
  ...(flags.frameworkSorter === undefined ? {} : { frameworkSorter: flags.frameworkSorter }),
  ...(flags.filterGpuResources === undefined ? {} : { filterGpuResources: flags.filterGpuResources }),
  ...(flags.fairSharingExcludedNames === undefined
    ? {}
    : { fairSharingExcludedNames: flags.fairSharingExcludedNames }),
});

/** How the master introduces itself. */
export const masterInfo = (masterId: string, settings: MasterSettings): MasterInfo => {
  const { ip, port, hostname, version, domain } = settings;
  return {
    id: masterId,
    ip: ipNumber(ip),
    port,
    pid: `master@${ip}:${port}`,
    hostname,
    version,
    address: { hostname, ip, port },
    ...(domain === undefined ? {} : { domain }),
    capabilities: [{ type: 'AGENT_UPDATE' }, { type: 'AGENT_DRAINING' }, { type: 'QUOTA_V2' }],
  };
};

/** The address's bytes in network order, read as a little-endian number (mesos.md 1.17). */
const ipNumber = (ip: string): number => Buffer.from(ip.split('.').map(Number)).readUInt32LE();
