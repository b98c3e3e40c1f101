import type {
  CommandInfo,
  ContainerInfo,
  ExecutorInfo,
  OfferOperationLaunchGroup,
  Resource,
  TaskInfo,
} from '../../../mesos/generated/mesos.ts';
import type { PodContainer, PodDefinition } from '../../definitions/pods/pod.ts';
import type { InstanceTask } from '../instance.ts';
import { discoveryName } from '../task/build-task.ts';
import { checkCommand } from '../task/check-infos.ts';
import { killPolicyOf, limitsOf, urisOf, userOf } from '../task/command-parts.ts';
import { discoveryPorts } from '../task/discovery-ports.ts';
import type { EffectivePort } from '../task/effective-ports.ts';
import { labelsOf } from '../task/labels-of.ts';
import { linuxInfoOf } from '../task/linux-info.ts';
import { networkInfos } from '../task/network-infos.ts';
import { takeShare } from '../task/take-share.ts';
import { secretReference } from '../task/variables.ts';
import { podEnvironment } from './pod-environment.ts';
import { podHealthCheck } from './pod-health-check.ts';
import { podVolumes } from './pod-volumes.ts';
import { type SettledEndpoint, settledEndpoints } from './settled-endpoints.ts';

export interface LaunchGroupFacts {
  readonly pod: PodDefinition;
  /** With the ids of the executor and of the containers' tasks, and the host ports. */
  readonly task: Pick<InstanceTask, 'id' | 'hostPorts' | 'containers'>;
  readonly agentId: string;
  readonly hostname: string;
  readonly frameworkId: string | undefined;
  /** Taken from an offer: what the containers and their executor use. */
  readonly resources: readonly Resource[];
  readonly isRoleEnforced: boolean;
  /** What the agent calls the network of bridge mode. */
  readonly bridgeName: string;
}

/**
 * What the master is told to launch for an instance of a pod (marathon.md 3.21): Mesos' default executor, which has the
 * ports, the volumes and the networks, and a task per container.
 */
export const buildLaunchGroup = (facts: LaunchGroupFacts): OfferOperationLaunchGroup => {
  const { pod, task } = facts;
  const endpoints = settledEndpoints(pod, task.hostPorts);
  const tasks: TaskInfo[] = [];
  let rest = facts.resources;
  for (const container of pod.containers) {
    const share = takeShare(rest, { ...container.resources });
    rest = share.rest;
    const taskId = task.containers?.find(({ name }) => name === container.name)?.taskId ?? '';
    tasks.push(taskOf(facts, { container, taskId, endpoints, resources: share.taken }));
  }
  return { executor: executorOf(facts, endpoints, rest), task_group: { tasks } };
};

const executorOf = (
  { pod, task, frameworkId, bridgeName }: LaunchGroupFacts,
  endpoints: readonly SettledEndpoint[],
  resources: readonly Resource[],
): ExecutorInfo => {
  const networks = networkInfos(pod.networks, endpoints.map(asPort), bridgeName);
  const container: ContainerInfo = {
    type: 'MESOS',
    ...(networks.length === 0 ? {} : { network_infos: networks }),
    // Masters refuse executors that share, and take what is left unsaid for that.
    ...(pod.linuxInfo ? { linux_info: { ...linuxInfoOf(pod.linuxInfo), share_cgroups: false } } : {}),
  };
  return {
    type: 'DEFAULT',
    executor_id: { value: task.id },
    ...(frameworkId === undefined ? {} : { framework_id: { value: frameworkId } }),
    ...(networks.length === 0 && pod.linuxInfo === undefined ? {} : { container }),
    resources: [...resources],
    ...labelsOf(pod.labels),
  };
};

const taskOf = (
  { pod, task, agentId, hostname, isRoleEnforced }: LaunchGroupFacts,
  {
    container,
    taskId,
    endpoints,
    resources,
  }: {
    container: PodContainer;
    taskId: string;
    endpoints: readonly SettledEndpoint[];
    resources: Resource[];
  },
): TaskInfo => {
  const own = endpoints.filter((endpoint) => endpoint.container === container.name);
  const environment = podEnvironment({
    pod,
    container,
    taskId,
    executorId: task.id,
    hostname,
    endpoints,
    isRoleEnforced,
  });
  return {
    name: container.name,
    task_id: { value: taskId },
    agent_id: { value: agentId },
    resources,
    command: {
      ...commandOf(container),
      environment,
      ...urisOf(container.artifacts),
      ...userOf(container.user ?? pod.user),
    },
    container: containerOf(pod, container),
    ...podHealthCheck(container, endpoints),
    ...killPolicyOf(container.lifecycle?.killGracePeriodSeconds),
    ...limitsOf(container.resourceLimits),
    ...labelsOf(container.labels),
    discovery: {
      visibility: 'FRAMEWORK',
      name: discoveryName(pod.id),
      ports: { ports: own.flatMap((endpoint) => discoveryPorts(pod.networks, asPort(endpoint))) },
    },
  };
};

/** Arguments alone are for the entry point of the image; without one, the first names the program. */
const commandOf = ({ exec, image }: PodContainer): CommandInfo => {
  if (exec === undefined) return { shell: false };
  const command = checkCommand(exec);
  if (command.shell === true || image === undefined || exec.overrideEntrypoint === true) return command;
  const { value: _program, ...forEntryPoint } = command;
  return forEntryPoint;
};

/** Each container has limits of its own unless the pod wants them shared, as they were before Marathon 1.9. */
const containerOf = (pod: PodDefinition, container: PodContainer): ContainerInfo => {
  const { image, linuxInfo, tty } = container;
  const volumes = podVolumes(pod, container);
  return {
    type: 'MESOS',
    ...(volumes.length === 0 ? {} : { volumes }),
    ...(tty === true ? { tty_info: {} } : {}),
    ...(image
      ? {
          mesos: {
            image: {
              type: 'DOCKER',
              cached: image.forcePull !== true,
              docker: {
                name: image.id,
                ...(image.pullConfig ? { config: secretReference(pod, image.pullConfig.secret) } : {}),
              },
            },
          },
        }
      : {}),
    linux_info: {
      ...(linuxInfo ? linuxInfoOf(linuxInfo) : {}),
      share_cgroups: pod.legacySharedCgroups ?? false,
    },
  };
};

const asPort = ({
  protocol,
  ...endpoint
}: SettledEndpoint): Omit<EffectivePort, 'requested' | 'isGenerated'> => ({
  ...endpoint,
  protocol: protocol.length > 1 ? 'udp,tcp' : (protocol[0] ?? 'tcp'),
});
