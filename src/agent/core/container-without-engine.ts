import type {
  ContainerInfo,
  ContainerInfoDockerInfo,
  NetworkInfo,
  Parameter,
  Volume,
} from '../../mesos/generated/mesos.ts';
import { parameterEffects } from '../docker/docker-parameters.ts';

/** What of the parameters can be had without an engine. */
const HONOURED_SETTINGS: ReadonlySet<string> = new Set(['Entrypoint', 'Hostname', 'WorkingDir']);
const HOST_NETWORKS: ReadonlySet<string> = new Set(['host', 'bridge', 'default']);

/** The network that Docker's bridge stands for, as Marathon's flag --mesos_bridge_name has it unless told otherwise. */
const BRIDGE_NETWORK = 'mesos-bridge';

/**
 * A container of type DOCKER as one that needs no container engine: its image is run like any other, on the networks and
 * with the external volumes that the isolators of that name bring, else on the host's network. Its `docker` stays: the
 * isolator docker/runtime sees by it that the command is an engine's, and which parameters there are. Throws with
 * everything that it asks for and cannot have so, and what to do.
 */
export const containerWithoutEngine = (
  container: ContainerInfo,
  isolation: readonly string[],
): ContainerInfo => {
  const { docker } = container;
  if (!docker) throw new Error('No docker info found in container info');
  const refused = refusedOf(container, docker, isolation);
  if (refused.length > 0) {
    throw new Error(
      `Without a container engine there is no ${refused.join(', no ')}: start the agent with --containerizers docker,mesos where one runs`,
    );
  }
  const image = {
    type: 'DOCKER' as const,
    docker: { name: docker.image },
    ...(docker.force_pull_image ? { cached: false } : {}),
  };
  return {
    ...container,
    type: 'MESOS',
    mesos: { image },
    ...(isolation.includes('network/cni') ? { network_infos: networksOf(container, docker) } : {}),
    ...(docker.volume_driver === undefined
      ? {}
      : { volumes: (container.volumes ?? []).map((volume) => withDriver(volume, docker.volume_driver)) }),
  };
};

/** In the words of NetworkInfo; throws, as for an engine (mesos.md 6.4), what cannot be a network. */
const networksOf = (
  { network_infos = [] }: ContainerInfo,
  docker: ContainerInfoDockerInfo,
): NetworkInfo[] => {
  const network = networkOf(docker);
  const { port_mappings = [] } = docker;
  const mapped = port_mappings.length === 0 ? {} : { port_mappings };
  if (network === 'BRIDGE') return [{ ...network_infos[0], name: BRIDGE_NETWORK, ...mapped }];
  if (network === 'USER') {
    const [info, ...more] = network_infos;
    if (info?.name === undefined) throw new Error('No network info found in container info');
    if (more.length > 0) throw new Error('Only a single network can be defined in Docker run');
    return [{ ...info, ...mapped }];
  }
  if (port_mappings.length > 0) {
    throw new Error('Port mappings are only supported for bridge and user-defined networks');
  }
  return [];
};

/** A parameter `net` replaces the network, as with an engine. */
const networkOf = ({ network = 'HOST', parameters = [] }: ContainerInfoDockerInfo): string => {
  const named = parameters.find(({ key }) => key === 'net' || key === 'network')?.value;
  return named === undefined ? network : named === 'default' ? 'BRIDGE' : named.toUpperCase();
};

/** A path that leads nowhere on the host is a name that the driver knows. */
const withDriver = (volume: Volume, driver: string | undefined): Volume => {
  const { host_path: name, ...rest } = volume;
  if (name === undefined || name.startsWith('/')) return volume;
  return {
    ...rest,
    source: { type: 'DOCKER_VOLUME', docker_volume: { name, ...(driver === undefined ? {} : { driver }) } },
  };
};

const refusedOf = (
  { network_infos = [] }: ContainerInfo,
  docker: ContainerInfoDockerInfo,
  isolation: readonly string[],
): string[] => {
  const { network = 'HOST', port_mappings = [], privileged, parameters = [], volume_driver } = docker;
  const hasNetworks = isolation.includes('network/cni');
  const moved = port_mappings.filter(({ host_port, container_port }) => host_port !== container_port);
  const withoutNetworks = [
    ...(network === 'NONE' ? ['network NONE'] : []),
    ...(network === 'USER' ? [`network ${network_infos[0]?.name ?? 'USER'}`] : []),
    ...moved.map(({ host_port, container_port }) => `port mapping from ${host_port} to ${container_port}`),
  ];
  const isDriverRefused = volume_driver !== undefined && !isolation.includes('docker/volume');
  return [
    ...(hasNetworks ? [] : withoutNetworks),
    ...(privileged ? ['privileged container'] : []),
    ...(isDriverRefused ? [`volume driver ${volume_driver}`] : []),
    ...parameters
      .filter((parameter) => !isHonoured(parameter))
      .map(({ key, value }) => `parameter ${key}=${value}`),
  ];
};

const isHonoured = (parameter: Parameter): boolean => {
  try {
    const { config, host, binds, network } = parameterEffects([parameter]);
    return (
      Object.keys(host).length === 0 &&
      binds.length === 0 &&
      Object.keys(config).every((name) => HONOURED_SETTINGS.has(name)) &&
      (network === undefined || HOST_NETWORKS.has(network))
    );
  } catch {
    return false;
  }
};
