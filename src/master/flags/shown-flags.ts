import { formatDuration } from '../../mesos/duration-text.ts';
import type { MasterSettings } from '../core/settings.ts';
import type { MasterOptions } from '../master-options.ts';

/** The options in the words of Mesos' flags, as /flags and /state show them (mesos.md B.1). */
export const shownFlags = (options: MasterOptions, settings: MasterSettings): Record<string, string> => ({
  ...given('cluster', options.clusterName),
  ip: settings.ip,
  port: String(settings.port),
  hostname: settings.hostname,
  ...timing(settings),
  ...bounds(options, settings),
  ...allocation(options, settings),
  registry: 'replicated_log',
  root_submissions: String(settings.areRootSubmissionsAllowed),
  publish_per_framework_metrics: String(options.flags?.areFrameworkMetricsPublished ?? true),
  authenticate_agents: 'false',
  authenticate_frameworks: 'false',
  authenticate_http_frameworks: 'false',
  authenticate_http_readonly: 'false',
  authenticate_http_readwrite: 'false',
});

const given = (name: string, text: string | undefined): Record<string, string> =>
  text === undefined ? {} : { [name]: text };

const durationText = (ms: number | undefined, before = ''): string | undefined =>
  ms === undefined ? undefined : before + formatDuration(ms);

const timing = (settings: MasterSettings): Record<string, string> => ({
  allocation_interval: formatDuration(settings.allocationIntervalMs),
  agent_ping_timeout: formatDuration(settings.agentPingTimeoutMs),
  max_agent_ping_timeouts: String(settings.maxAgentPingTimeouts),
  agent_reregister_timeout: formatDuration(settings.agentReregisterTimeoutMs),
  ...given('offer_timeout', durationText(settings.offerTimeoutMs)),
  ...given('agent_removal_rate_limit', durationText(settings.agentRemovalIntervalMs, '1/')),
  recovery_agent_removal_limit: `${settings.recoveryAgentRemovalLimit * 100}%`,
  registry_gc_interval: formatDuration(settings.registryGcIntervalMs),
  registry_max_agent_age: formatDuration(settings.registryMaxAgentAgeMs),
});

const bounds = ({ flags }: MasterOptions, settings: MasterSettings): Record<string, string> => ({
  registry_max_agent_count: String(settings.registryMaxAgentCount),
  max_completed_frameworks: String(settings.maxCompletedFrameworks),
  max_completed_tasks_per_framework: String(settings.maxCompletedTasksPerFramework),
  max_unreachable_tasks_per_framework: String(settings.maxUnreachableTasksPerFramework),
  max_operator_event_stream_subscribers: String(flags?.maxOperatorStreams ?? 1000),
});

const allocation = ({ flags = {} }: MasterOptions, settings: MasterSettings): Record<string, string> => ({
  allocator: 'hierarchical',
  role_sorter: flags.roleSorter ?? 'drf',
  framework_sorter: flags.frameworkSorter ?? 'drf',
  min_allocatable_resources: (flags.minAllocatable ?? [{ cpus: 0.01 }, { mem: 32 }])
    .map((amounts) =>
      Object.entries(amounts)
        .map(([name, amount]) => `${name}:${amount}`)
        .join(';'),
    )
    .join('|'),
  ...given('fair_sharing_excluded_resource_names', flags.fairSharingExcludedNames?.join(',')),
  filter_gpu_resources: String(flags.filterGpuResources ?? true),
  require_agent_domain: String(settings.isAgentDomainRequired),
  ...given('domain', settings.domain && JSON.stringify(settings.domain)),
  ...given('roles', settings.roles && [...settings.roles].join(',')),
  ...given(
    'weights',
    flags.initialWeights && [...flags.initialWeights].map(([role, weight]) => `${role}=${weight}`).join(','),
  ),
  ...given('whitelist', flags.whitelistFile),
  ...(settings.isPreempting ? { preemption: 'true' } : {}),
});
