import { readAcls } from '../../mesos/acls/read-acls.ts';
import { parseDomain } from '../../mesos/domain-text.ts';
import type { Amounts, SorterKind } from '../allocator/allocator.ts';
import type { MasterSettings } from '../core/settings.ts';
import {
  readAlternatives,
  readChoice,
  readCount,
  readDuration,
  readInterval,
  readNames,
  readPart,
  readRate,
  readRoles,
  readSwitch,
  readWeights,
} from './flag-values.ts';

/** What flags set beside the settings of the core. */
interface OtherFlags {
  readonly minAllocatable: readonly Amounts[];
  readonly roleSorter: SorterKind;
  readonly frameworkSorter: SorterKind;
  readonly fairSharingExcludedNames: readonly string[];
  readonly filterGpuResources: boolean;
  /** File of host names, one a line: only these agents are offered. Read again and again. */
  readonly whitelistFile: string;
  readonly maxOperatorStreams: number;
  readonly areFrameworkMetricsPublished: boolean;
}

/** What the flags of a master say (mesos.md B.1); what nobody gave is left out and has Mesos' default. */
export type MasterFlags = Partial<Omit<MasterSettings, 'version' | 'hostname' | 'ip' | 'port'> & OtherFlags>;

/** The flag that cannot be used, and why. */
export class MasterFlagError extends Error {
  constructor(name: string, problem: string) {
    super(`--${name} ${problem}`);
    this.name = 'MasterFlagError';
  }
}

const SORTERS: readonly SorterKind[] = ['drf', 'random'];

const READERS: Readonly<Record<string, (text: string) => MasterFlags>> = {
  acls: (text) => ({ acls: readAcls(text) }),
  agent_ping_timeout: (text) => ({ agentPingTimeoutMs: readInterval(text) }),
  agent_removal_rate_limit: (text) => ({ agentRemovalIntervalMs: readRate(text) }),
  agent_reregister_timeout: (text) => ({ agentReregisterTimeoutMs: readReregisterTimeout(text) }),
  allocation_interval: (text) => ({ allocationIntervalMs: readInterval(text) }),
  domain: (text) => ({ domain: parseDomain(text) }),
  fair_sharing_excluded_resource_names: (text) => ({ fairSharingExcludedNames: readNames(text) }),
  filter_gpu_resources: (text) => ({ filterGpuResources: readSwitch(text) }),
  framework_sorter: (text) => ({ frameworkSorter: readChoice(text, SORTERS) }),
  max_agent_ping_timeouts: (text) => ({ maxAgentPingTimeouts: readCount(text, 1) }),
  max_completed_frameworks: (text) => ({ maxCompletedFrameworks: readCount(text) }),
  max_completed_tasks_per_framework: (text) => ({ maxCompletedTasksPerFramework: readCount(text) }),
  max_operator_event_stream_subscribers: (text) => ({ maxOperatorStreams: readCount(text, 1) }),
  max_unreachable_tasks_per_framework: (text) => ({ maxUnreachableTasksPerFramework: readCount(text) }),
  min_allocatable_resources: (text) => ({ minAllocatable: readAlternatives(text) }),
  offer_timeout: (text) => ({ offerTimeoutMs: readInterval(text) }),
  preemption: (text) => ({ isPreempting: readSwitch(text) }),
  publish_per_framework_metrics: (text) => ({ areFrameworkMetricsPublished: readSwitch(text) }),
  recovery_agent_removal_limit: (text) => ({ recoveryAgentRemovalLimit: readPart(text) }),
  registry_gc_interval: (text) => ({ registryGcIntervalMs: readInterval(text) }),
  registry_max_agent_age: (text) => ({ registryMaxAgentAgeMs: readDuration(text) }),
  registry_max_agent_count: (text) => ({ registryMaxAgentCount: readCount(text) }),
  require_agent_domain: (text) => ({ isAgentDomainRequired: readSwitch(text) }),
  role_sorter: (text) => ({ roleSorter: readChoice(text, SORTERS) }),
  roles: (text) => ({ roles: readRoles(text) }),
  root_submissions: (text) => ({ areRootSubmissionsAllowed: readSwitch(text) }),
  weights: (text) => ({ initialWeights: readWeights(text) }),
  whitelist: (text) => ({ whitelistFile: text.replace(/^file:\/\//, '') }),
};

/** Mesos does not take less: agents that come back after a restart of the master must have the time to. */
const LEAST_REREGISTER_TIMEOUT_MS = 600_000;

const readReregisterTimeout = (text: string): number => {
  const timeoutMs = readDuration(text);
  if (timeoutMs < LEAST_REREGISTER_TIMEOUT_MS) throw new Error(`takes at least 10mins, not ${text}`);
  return timeoutMs;
};

/** In Mesos' spelling, in order. All take a value, switches `true` or `false`. */
export const MASTER_FLAGS: readonly string[] = Object.keys(READERS);

/** Reads what was given of them, by name. Throws MasterFlagError. */
export const readMasterFlags = (texts: Readonly<Record<string, string>>): MasterFlags => {
  const flags = Object.entries(texts).map(([name, text]) => {
    try {
      return READERS[name]?.(text) ?? {};
    } catch (error) {
      throw new MasterFlagError(name, error instanceof Error ? error.message : String(error));
    }
  });
  const read: MasterFlags = Object.assign({}, ...flags);
  if (read.isAgentDomainRequired && !read.domain) {
    throw new MasterFlagError(
      'require_agent_domain',
      'needs --domain: without it, where an agent is has no meaning',
    );
  }
  return read;
};
