import { isAbsolute, join } from 'node:path';
import type {
  ContainerInfo,
  ContainerInfoDockerInfo,
  Resource,
  Volume,
} from '../../mesos/generated/mesos.ts';
import { SANDBOX_IN_CONTAINER } from '../containerizers/container-config.ts';
import type { ContainerPlan } from '../core/effect.ts';
import { parameterEffects } from './docker-parameters.ts';

/** Marks the containers of one agent. */
export const AGENT_LABEL = 'plenum.agent';
const NAME_PREFIX = 'mesos-';
const CPU_SHARES_PER_CPU = 1024;
const MIN_CPU_SHARES = 2;
const CFS_PERIOD_US = 100_000;
const MIN_QUOTA_US = 1_000;
const MIB = 1024 ** 2;
const MIN_MEMORY_MIB = 32;

export const engineName = (containerId: string): string => `${NAME_PREFIX}${containerId}`;
export const containerIdOf = (name: string): string | undefined =>
  name.startsWith(NAME_PREFIX) ? name.slice(NAME_PREFIX.length) : undefined;

export interface SpecOptions {
  /** What tells this agent's containers from those of others at the same engine. */
  readonly agent: string;
  /** --cgroups_enable_cfs */
  readonly isCpuLimited: boolean;
}

/** What the engine is told to create for a plan (mesos.md 6.4). Throws, with Mesos' words, for what cannot be had. */
export const containerSpec = (plan: ContainerPlan, { agent, isCpuLimited }: SpecOptions): unknown => {
  const { container, command } = plan;
  const docker = container?.docker;
  if (!container || !docker) throw new Error('No docker info found in container info');
  const effects = parameterEffects((docker.parameters ?? []).map(({ key, value }) => ({ key, value })));
  const network = effects.network ?? networkOf(container, docker);
  const ports = portsOf(docker, network, plan.resources);
  if (container.hostname !== undefined && network === 'host') {
    throw new Error('Unable to set hostname with host network mode');
  }
  const { driver, binds } = volumesOf(plan, docker);
  const { Entrypoint, ...config } = effects.config;
  return {
    Image: docker.image,
    ...(container.hostname === undefined ? {} : { Hostname: container.hostname }),
    ...(container.tty_info ? { Tty: true, OpenStdin: true } : {}),
    ...commandOf(command, Entrypoint),
    ...config,
    Env: [...effects.environment, ...environmentOf(plan)],
    Labels: { ...effects.labels, [AGENT_LABEL]: agent },
    ExposedPorts: Object.fromEntries(Object.keys(ports).map((port) => [port, {}])),
    HostConfig: {
      NetworkMode: network,
      PortBindings: ports,
      ...(docker.privileged ? { Privileged: true } : {}),
      ...(driver === undefined ? {} : { VolumeDriver: driver }),
      ...resourcesOf(plan, isCpuLimited),
      ...effects.host,
      Binds: [`${plan.sandbox}:${SANDBOX_IN_CONTAINER}`, ...binds, ...effects.binds],
    },
  };
};

const commandOf = (
  { shell = true, value, arguments: args = [] }: ContainerPlan['command'],
  entrypoint: unknown,
): Record<string, unknown> => {
  const own = entrypoint === undefined ? {} : { Entrypoint: entrypoint };
  if (shell && value !== undefined) return { Entrypoint: ['/bin/sh'], Cmd: ['-c', value] };
  // All of them are real arguments here; none leaves it to the image.
  const words = [...(value === undefined ? [] : [value]), ...args];
  return words.length === 0 ? own : { ...own, Cmd: words };
};

/** The agent's own variables are about the host, where programs and homes are elsewhere. */
const environmentOf = ({ environment, command, id }: ContainerPlan): string[] => {
  const own = new Set(command.environment?.variables?.map(({ name }) => name));
  const kept = Object.entries(environment).filter(([name]) => own.has(name) || name.startsWith('MESOS_'));
  return Object.entries({
    ...Object.fromEntries(kept),
    MESOS_SANDBOX: SANDBOX_IN_CONTAINER,
    MESOS_CONTAINER_NAME: engineName(id),
  }).map(([name, value]) => `${name}=${value}`);
};

const networkOf = (
  { network_infos = [] }: ContainerInfo,
  { network = 'HOST' }: ContainerInfoDockerInfo,
): string => {
  if (network !== 'USER') return network.toLowerCase();
  const [info, ...others] = network_infos;
  if (info?.name === undefined) throw new Error('No network info found in container info');
  if (others.length > 0) throw new Error('Only a single network can be defined in Docker run');
  return info.name;
};

const portsOf = (
  { port_mappings: mappings = [] }: ContainerInfoDockerInfo,
  network: string,
  resources: readonly Resource[],
): Record<string, { HostPort: string }[]> => {
  if (mappings.length === 0) return {};
  if (network === 'host' || network === 'none') {
    throw new Error('Port mappings are only supported for bridge and user-defined networks');
  }
  const ranges = resources
    .filter(({ name }) => name === 'ports')
    .flatMap(({ ranges: some }) => some?.range ?? []);
  if (ranges.length === 0) throw new Error('Port mappings require port resources');
  const bindings: Record<string, { HostPort: string }[]> = {};
  for (const { host_port, container_port, protocol = 'tcp' } of mappings) {
    if (!ranges.some(({ begin, end }) => host_port >= begin && host_port <= end)) {
      throw new Error(`Port [${host_port}] not included in resources`);
    }
    const port = `${container_port}/${protocol.toLowerCase()}`;
    bindings[port] = [...(bindings[port] ?? []), { HostPort: String(host_port) }];
  }
  return bindings;
};

const volumesOf = (
  plan: ContainerPlan,
  { volume_driver }: ContainerInfoDockerInfo,
): { driver: string | undefined; binds: string[] } => {
  const drivers = new Set<string>(volume_driver === undefined ? [] : [volume_driver]);
  const persistent = plan.mounts.map(({ hostPath, containerPath, isReadOnly }) =>
    bindOf(hostPath, containerPath, isReadOnly ? 'ro' : 'rw'),
  );
  const others = (plan.container?.volumes ?? []).flatMap((volume) => {
    const { docker_volume: external } = volume.source ?? {};
    if (external?.driver !== undefined) drivers.add(external.driver);
    const source = external ? external.name : hostPathOf(volume, plan.sandbox, drivers.size > 0);
    return source === undefined
      ? []
      : [bindOf(source, volume.container_path, volume.mode === 'RO' ? 'ro' : 'rw')];
  });
  const [driver, ...more] = drivers;
  if (more.length > 0) throw new Error('Only one volume driver is supported');
  return { driver, binds: [...persistent, ...others] };
};

const bindOf = (source: string, containerPath: string, mode: 'ro' | 'rw'): string => {
  const target = isAbsolute(containerPath) ? containerPath : join(SANDBOX_IN_CONTAINER, containerPath);
  return `${source}:${target}:${mode}`;
};

/** A name of the driver's, where there is one; else a path, which is in the sandbox when it is relative. */
const hostPathOf = (volume: Volume, sandbox: string, hasDriver: boolean): string | undefined => {
  const hostPath = volume.host_path ?? volume.source?.host_path?.path;
  if (hostPath === undefined || isAbsolute(hostPath) || hasDriver) return hostPath;
  if (!isAbsolute(volume.container_path)) {
    throw new Error(
      `Both host_path '${hostPath}' and container_path '${volume.container_path}' of a volume are relative`,
    );
  }
  return join(sandbox, hostPath);
};

const resourcesOf = ({ resources, limits }: ContainerPlan, isCpuLimited: boolean): Record<string, number> => {
  const sum = (wanted: string): number =>
    resources.reduce(
      (total, { name, scalar }) => (name === wanted ? total + (scalar?.value ?? 0) : total),
      0,
    );
  const cpus = sum('cpus');
  const memory = (mib: number): number => Math.max(MIN_MEMORY_MIB, Math.floor(mib)) * MIB;
  const quota = (limit: number): number => Math.max(MIN_QUOTA_US, Math.floor(limit * CFS_PERIOD_US));
  const cpuLimit = limits.cpus ?? (isCpuLimited ? cpus : Number.POSITIVE_INFINITY);
  const memLimit = limits.mem;
  const mem = sum('mem');
  return {
    ...(cpus > 0 ? { CpuShares: Math.max(MIN_CPU_SHARES, Math.floor(CPU_SHARES_PER_CPU * cpus)) } : {}),
    ...(Number.isFinite(cpuLimit) ? { CpuPeriod: CFS_PERIOD_US, CpuQuota: quota(cpuLimit) } : {}),
    ...(memLimit === undefined
      ? { Memory: memory(mem) }
      : {
          MemoryReservation: memory(mem),
          ...(Number.isFinite(memLimit) ? { Memory: memory(memLimit) } : {}),
        }),
  };
};
