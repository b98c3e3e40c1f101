import type { DaemonOptions } from './daemon-options.ts';

/** What isolators are told, under Mesos' names of flags (mesos.md B.2) and a few of Plenum's own. */
const ISOLATOR_FLAGS = [
  'cgroups_hierarchy',
  'cgroups_root',
  'cgroups_enable_cfs',
  'cgroups_limit_swap',
  'cgroups_destroy_timeout',
  'cgroups_pids_limit',
  'cgroups_net_cls_primary_handle',
  'cgroups_net_cls_secondary_handles',
  'revocable_cpu_low_priority',
  'container_disk_watch_interval',
  'enforce_container_disk_quota',
  'container_ports_watch_interval',
  'enforce_container_ports',
  'check_agent_port_range_only',
  'effective_capabilities',
  'bounding_capabilities',
  'nvidia_gpu_devices',
  'docker_ignore_runtime',
  'network_cni_config_dir',
  'network_cni_plugins_dir',
  'network_cni_plugin_timeout',
  'network_bridge_subnet',
  'docker_volume_plugins_dir',
  'docker_volume_dvdcli',
  'docker_volume_timeout',
] as const;

export const ISOLATION_OPTIONS: readonly string[] = ['isolation', ...ISOLATOR_FLAGS];

/** How an agent keeps its containers apart, as its arguments have it. */
export const isolationOptions = (
  options: DaemonOptions,
): { isolation?: string; isolatorFlags: Record<string, string> } => {
  const isolation = options.optionalText('isolation');
  return {
    ...(isolation === undefined ? {} : { isolation }),
    isolatorFlags: Object.fromEntries(
      ISOLATOR_FLAGS.flatMap((name) => {
        const text = options.optionalText(name);
        return text === undefined ? [] : [[name, text]];
      }),
    ),
  };
};
