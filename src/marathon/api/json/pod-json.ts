import type { PodContainer, PodDefinition, PodEndpoint, PodImage } from '../../definitions/pods/pod.ts';

/**
 * A pod as the API shows it (marathon.md 1.3, 2.9): what decides its scheduling under the names that clients know, and
 * without the collections that are left out when they are empty.
 */
export const podJson = (pod: PodDefinition): Record<string, unknown> => {
  const { id, version, role, user, linuxInfo, legacySharedCgroups } = pod;
  return {
    id,
    version,
    role,
    ...filled({ user, labels: pod.labels, environment: pod.environment, secrets: pod.secrets }),
    containers: pod.containers.map(containerJson),
    ...filled({ volumes: pod.volumes }),
    networks: pod.networks.map(({ labels, ...network }) => ({ ...network, ...filled({ labels }) })),
    executorResources: pod.executorResources,
    ...filled({ linuxInfo, legacySharedCgroups }),
    scaling: { kind: 'fixed', instances: pod.instances },
    scheduling: schedulingJson(pod),
  };
};

const schedulingJson = (pod: PodDefinition): object => {
  const placement = filled({
    constraints: pod.constraints.map(([fieldName, operator, value]) => ({
      fieldName,
      operator,
      ...filled({ value }),
    })),
    acceptedResourceRoles: pod.acceptedResourceRoles,
  });
  return {
    backoff: {
      backoff: pod.backoffSeconds,
      backoffFactor: pod.backoffFactor,
      maxLaunchDelay: pod.maxLaunchDelaySeconds,
    },
    upgrade: pod.upgradeStrategy,
    ...filled({ placement }),
    killSelection: pod.killSelection,
    unreachableStrategy: pod.unreachableStrategy,
  };
};

const containerJson = (container: PodContainer): object => {
  const { image, endpoints, healthCheck, check, environment, volumeMounts, artifacts, labels, ...rest } =
    container;
  return {
    ...rest,
    ...filled({ endpoints: endpoints.map(endpointJson) }),
    ...(image && { image: { ...imageFacts(image), ...filled({ labels: image.labels }) } }),
    ...filled({ environment, healthCheck, check }),
    ...filled({ volumeMounts, artifacts, labels }),
  };
};

const endpointJson = ({ labels, networkNames, ...endpoint }: PodEndpoint): object => ({
  ...endpoint,
  ...filled({ labels, networkNames }),
});

const imageFacts = ({ labels, ...facts }: PodImage): object => facts;

/** The fields that hold something. */
const filled = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && !isEmpty(value)));

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;
