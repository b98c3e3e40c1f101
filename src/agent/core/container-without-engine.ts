import type { ContainerInfo, Parameter } from '../../mesos/generated/mesos.ts';
import { parameterEffects } from '../docker/docker-parameters.ts';

/** What of the parameters can be had without an engine. */
const HONOURED_SETTINGS: ReadonlySet<string> = new Set(['Entrypoint', 'Hostname', 'WorkingDir']);
const HOST_NETWORKS: ReadonlySet<string> = new Set(['host', 'bridge', 'default']);

/**
 * A container of type DOCKER as one that needs no container engine: its image is run like any other, on the host's
 * network. Its `docker` stays: the isolator docker/runtime sees by it that the command is an engine's, and which
 * parameters there are. Throws with everything that it asks for and cannot have so, and what to do.
 */
export const containerWithoutEngine = (container: ContainerInfo): ContainerInfo => {
  const { docker } = container;
  if (!docker) throw new Error('No docker info found in container info');
  const refused = refusedOf(container);
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
  return { ...container, type: 'MESOS', mesos: { image } };
};

const refusedOf = ({ docker, network_infos = [] }: ContainerInfo): string[] => {
  if (!docker) return [];
  const { network = 'HOST', port_mappings = [], privileged, parameters = [], volume_driver } = docker;
  const moved = port_mappings.filter(({ host_port, container_port }) => host_port !== container_port);
  return [
    ...(network === 'NONE' ? ['network NONE'] : []),
    ...(network === 'USER' ? [`network ${network_infos[0]?.name ?? 'USER'}`] : []),
    ...moved.map(({ host_port, container_port }) => `port mapping from ${host_port} to ${container_port}`),
    ...(privileged ? ['privileged container'] : []),
    ...(volume_driver === undefined ? [] : [`volume driver ${volume_driver}`]),
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
