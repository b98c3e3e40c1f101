import type { Environment, EnvironmentVariable } from '../../../mesos/generated/mesos.ts';
import type { PodContainer, PodDefinition } from '../../definitions/pods/pod.ts';
import { decimalText, labelVariables, ownVariable, variableName } from '../task/variables.ts';
import { portInside, type SettledEndpoint } from './settled-endpoints.ts';

export interface PodEnvironmentFacts {
  readonly pod: PodDefinition;
  readonly container: PodContainer;
  readonly taskId: string;
  readonly executorId: string;
  readonly hostname: string;
  /** Of the whole pod. */
  readonly endpoints: readonly SettledEndpoint[];
  /** The pod's top-level group wants all roles to be its own. */
  readonly isRoleEnforced: boolean;
}

/**
 * The environment of a container (marathon.md 3.18). Other than in apps what Marathon says has the last word, and what the
 * container says comes before what the pod says.
 */
export const podEnvironment = (facts: PodEnvironmentFacts): Environment => {
  const { pod, container, endpoints } = facts;
  const variables = new Map<string, EnvironmentVariable>();
  for (const [name, value] of Object.entries({ ...pod.environment, ...container.environment })) {
    variables.set(name, ownVariable(pod, name, value));
  }
  const told: Record<string, string> = {
    ...labelVariables({ ...pod.labels, ...container.labels }),
    ...factsOf(facts),
    ...endpointVariables(endpoints),
  };
  for (const [name, value] of Object.entries(told)) variables.set(name, { name, type: 'VALUE', value });
  return { variables: [...variables.values()] };
};

const factsOf = (facts: PodEnvironmentFacts): Record<string, string> => {
  const { pod, container, taskId, executorId, hostname, isRoleEnforced } = facts;
  const { cpus, mem, disk, gpus } = container.resources;
  return {
    HOST: hostname,
    MESOS_TASK_ID: taskId,
    MESOS_EXECUTOR_ID: executorId,
    MARATHON_APP_ID: pod.id,
    MARATHON_APP_VERSION: pod.version,
    MARATHON_CONTAINER_ID: container.name,
    MARATHON_CONTAINER_RESOURCE_CPUS: decimalText(cpus),
    MARATHON_CONTAINER_RESOURCE_MEM: decimalText(mem),
    MARATHON_CONTAINER_RESOURCE_DISK: decimalText(disk),
    MARATHON_CONTAINER_RESOURCE_GPUS: String(gpus),
    MARATHON_APP_ENFORCE_GROUP_ROLE: isRoleEnforced ? 'TRUE' : 'FALSE',
  };
};

/** Every container learns of the endpoints of all: they share a network. */
const endpointVariables = (endpoints: readonly SettledEndpoint[]): Record<string, string> =>
  Object.fromEntries(
    endpoints.flatMap((endpoint): [string, string][] => {
      const { hostPort, containerPort } = endpoint;
      const name = variableName(endpoint.name);
      return [
        [`ENDPOINT_${name}`, String(portInside(endpoint))],
        ...(hostPort === undefined ? [] : [[`EP_HOST_${name}`, String(hostPort)] as [string, string]]),
        ...(containerPort === undefined
          ? []
          : [[`EP_CONTAINER_${name}`, String(containerPort)] as [string, string]]),
      ];
    }),
  );
