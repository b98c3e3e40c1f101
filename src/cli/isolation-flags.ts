import { resolve } from 'node:path';
import { boolean, string } from '@oclif/core/flags';

/** Flags about how agents keep their containers apart, under Mesos' names. */
export const isolationFlags = () =>
  Object.fromEntries(
    Object.entries(flags()).map(([name, flag]) => [name, { ...flag, helpGroup: 'CONTAINERS' }]),
  ) as ReturnType<typeof flags>;

const flags = () => ({
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
  cgroups_net_cls_primary_handle: string({
    description: 'With cgroups/net_cls: the upper half of the class of all packets, such as 0x0012',
    helpValue: 'HANDLE',
  }),
  cgroups_net_cls_secondary_handles: string({
    description: 'With cgroups/net_cls: lower halves, one for each container; default: 0x0001,0xffff',
    helpValue: 'FIRST,LAST',
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

/** Those of them that are paths, or a list with paths of modules in it. */
const PATHS: ReadonlySet<string> = new Set([
  'network_cni_config_dir',
  'docker_volume_plugins_dir',
  'docker_volume_dvdcli',
]);
const PATHS_BY_COLON = 'network_cni_plugins_dir';

type IsolationValues = Partial<Record<keyof ReturnType<typeof flags>, string | boolean | undefined>>;

/** What was given of them, for programs that run in another folder than the command does. */
export const isolationValues = (given: IsolationValues): IsolationValues =>
  Object.fromEntries(
    Object.keys(flags()).map((name) => {
      const value = given[name as keyof IsolationValues];
      if (typeof value !== 'string') return [name, value];
      if (PATHS.has(name)) return [name, resolve(value)];
      if (name === PATHS_BY_COLON)
        return [
          name,
          value
            .split(':')
            .map((path) => resolve(path))
            .join(':'),
        ];
      return [name, name === 'isolation' ? value.split(',').map(isolatorPath).join(',') : value];
    }),
  );

/** A module by its path; names stay as they are. */
const isolatorPath = (word: string): string => (/\.[cm]?js$/.test(word) ? resolve(word) : word);
