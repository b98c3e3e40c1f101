import { isIPv4 } from 'node:net';
import { formatDuration } from '../mesos/duration-text.ts';
import type { MasterInfo } from '../mesos/generated/mesos.ts';
import {
  DEFAULT_AGENT_PING_TIMEOUT_MS,
  DEFAULT_AGENT_REREGISTER_TIMEOUT_MS,
  DEFAULT_ALLOCATION_INTERVAL_MS,
  DEFAULT_MAX_AGENT_PING_TIMEOUTS,
  type MasterSettings,
} from './core/settings.ts';
import type { MasterOptions } from './master-options.ts';

const LOOPBACK = '127.0.0.1';
const ANY = '0.0.0.0';

export const buildSettings = (options: MasterOptions, port: number): MasterSettings => {
  const { host = LOOPBACK } = options;
  const ip = isIPv4(host) && host !== ANY ? host : LOOPBACK;
  return {
    version: options.version,
    hostname: options.hostnames?.[0] ?? ip,
    ip,
    port,
    allocationIntervalMs: options.allocationIntervalMs ?? DEFAULT_ALLOCATION_INTERVAL_MS,
    agentPingTimeoutMs: options.agentPingTimeoutMs ?? DEFAULT_AGENT_PING_TIMEOUT_MS,
    maxAgentPingTimeouts: options.maxAgentPingTimeouts ?? DEFAULT_MAX_AGENT_PING_TIMEOUTS,
    agentReregisterTimeoutMs: options.agentReregisterTimeoutMs ?? DEFAULT_AGENT_REREGISTER_TIMEOUT_MS,
    offerTimeoutMs: options.offerTimeoutMs,
  };
};

/** How the master introduces itself. */
export const masterInfo = (masterId: string, settings: MasterSettings): MasterInfo => {
  const { ip, port, hostname, version } = settings;
  return {
    id: masterId,
    ip: ipNumber(ip),
    port,
    pid: `master@${ip}:${port}`,
    hostname,
    version,
    address: { hostname, ip, port },
    capabilities: [{ type: 'AGENT_UPDATE' }, { type: 'AGENT_DRAINING' }, { type: 'QUOTA_V2' }],
  };
};

/** The address's bytes in network order, read as a little-endian number (mesos.md 1.17). */
const ipNumber = (ip: string): number => Buffer.from(ip.split('.').map(Number)).readUInt32LE();

/** The settings in the words of Mesos' flags, as /flags and /state show them. */
export const flagsOf = (options: MasterOptions, settings: MasterSettings): Record<string, string> => ({
  ip: settings.ip,
  port: String(settings.port),
  hostname: settings.hostname,
  ...(options.clusterName === undefined ? {} : { cluster: options.clusterName }),
  allocation_interval: formatDuration(settings.allocationIntervalMs),
  agent_ping_timeout: formatDuration(settings.agentPingTimeoutMs),
  max_agent_ping_timeouts: String(settings.maxAgentPingTimeouts),
  agent_reregister_timeout: formatDuration(settings.agentReregisterTimeoutMs),
  ...(settings.offerTimeoutMs === undefined
    ? {}
    : { offer_timeout: formatDuration(settings.offerTimeoutMs) }),
  allocator: 'hierarchical',
  role_sorter: 'drf',
  framework_sorter: 'drf',
  filter_gpu_resources: 'true',
  root_submissions: 'true',
  authenticate_agents: 'false',
  authenticate_frameworks: 'false',
  authenticate_http_frameworks: 'false',
  authenticate_http_readonly: 'false',
  authenticate_http_readwrite: 'false',
});
