import type { PodDefinition, PodEndpoint } from '../../definitions/pods/pod.ts';

/** An endpoint of an instance, with its numbers settled. */
export interface SettledEndpoint extends Pick<PodEndpoint, 'name' | 'protocol' | 'labels' | 'networkNames'> {
  /** The name of the container that it is in. */
  readonly container: string;
  readonly hostPort?: number;
  /** With every network but the host's. */
  readonly containerPort?: number;
}

/** The endpoints of all containers in the order of the definition; `hostPorts` are those of the ones that are mapped. */
export const settledEndpoints = (
  { containers }: Pick<PodDefinition, 'containers'>,
  hostPorts: readonly number[],
): SettledEndpoint[] => {
  const left = [...hostPorts];
  return containers.flatMap(({ name: container, endpoints }) =>
    endpoints.map(({ name, protocol, labels, networkNames, ...wanted }) => {
      const hostPort = wanted.hostPort === undefined ? undefined : left.shift();
      // A container port of 0 takes the number of the host's port.
      const containerPort = wanted.containerPort === 0 ? hostPort : wanted.containerPort;
      return {
        container,
        name,
        protocol,
        labels,
        networkNames,
        ...(hostPort === undefined ? {} : { hostPort }),
        ...(containerPort === undefined ? {} : { containerPort }),
      };
    }),
  );
};

/** Where processes in the container itself, or in others of the pod, find it. */
export const portInside = ({ containerPort, hostPort }: SettledEndpoint): number =>
  containerPort ?? hostPort ?? 0;
