import { boolean, string } from '@oclif/core/flags';

/** Flags about how an agent keeps its containers apart, under Mesos' names. */
export const isolationFlags = () => ({
  isolation: string({
    description:
      'What sets containers apart: names such as cgroups/mem,namespaces/pid,disk/du and paths of modules, joined by commas; default: as root all that this machine allows',
    helpValue: 'LIST',
  }),
  cgroups_enable_cfs: boolean({ description: 'Keep containers to their cpus also when others use none' }),
  cgroups_limit_swap: boolean({ description: 'Count swap as memory' }),
  cgroups_pids_limit: string({
    description: 'Processes that a container may have at most',
    helpValue: 'NUMBER',
  }),
  cgroups_hierarchy: string({ description: 'Where cgroups are mounted', helpValue: 'FOLDER' }),
  cgroups_root: string({
    description: 'The group below which those of containers are made',
    helpValue: 'NAME',
  }),
  cgroups_destroy_timeout: string({
    description: 'How long processes that cannot be killed are waited for',
    helpValue: 'DURATION',
  }),
  enforce_container_disk_quota: boolean({
    description: 'With disk/du: end containers that write more than they have',
  }),
  container_disk_watch_interval: string({
    description: 'With disk/du: how often it looks',
    helpValue: 'DURATION',
  }),
  enforce_container_ports: boolean({
    description: 'With network/ports: end containers that listen on ports they do not have',
  }),
  container_ports_watch_interval: string({
    description: 'With network/ports: how often it looks',
    helpValue: 'DURATION',
  }),
  check_agent_port_range_only: boolean({
    description: "With network/ports: only the agent's own ports matter",
  }),
  effective_capabilities: string({
    description: 'What root may do in containers that do not say: {"capabilities":["NET_RAW"]}',
    helpValue: 'JSON',
  }),
  bounding_capabilities: string({ description: 'What root may do in containers at most', helpValue: 'JSON' }),
  docker_ignore_runtime: boolean({
    description: 'With docker/runtime: ignore what images say about how to run them',
  }),
  nvidia_gpu_devices: string({
    description: 'With gpu/nvidia: which of the processors, such as 0,1; default: all',
    helpValue: 'LIST',
  }),
  network_cni_config_dir: string({
    description: 'With network/cni: where networks are configured, in files .conf, .json and .conflist',
    helpValue: 'FOLDER',
  }),
  network_cni_plugins_dir: string({
    description: 'With network/cni: where their plugins lie, several folders joined by colons',
    helpValue: 'FOLDERS',
  }),
  network_cni_plugin_timeout: string({
    description: 'With network/cni: how long a plugin may take; default: 60secs',
    helpValue: 'DURATION',
  }),
  network_bridge_subnet: string({
    description:
      'With network/cni: addresses of the networks that every agent has, or none; default: 10.213.0.0/16',
    helpValue: 'SUBNET',
  }),
  docker_volume_plugins_dir: string({
    description: 'With docker/volume: where the sockets of volume drivers lie; default: /run/docker/plugins',
    helpValue: 'FOLDER',
  }),
  docker_volume_dvdcli: string({
    description: 'With docker/volume: mount by the program dvdcli instead, as Mesos does',
    helpValue: 'PROGRAM',
  }),
  docker_volume_timeout: string({
    description: 'With docker/volume: how long a driver may take; default: 60secs',
    helpValue: 'DURATION',
  }),
});
