import { networkNameViolations, networkViolations } from '../../rules/network-rules.ts';
import { areUnique, violationIf } from '../../rules/rule.ts';
import type { Violation } from '../../violation.ts';
import type { PodDefinition, PodEndpoint } from '../pod.ts';
import type { PodRule } from './pod-rule.ts';

/** Networks and endpoints (marathon.md 2.4, 2.9). The containers share networks, hence names and ports are the pod's. */
export const endpointRules: PodRule = function* (pod) {
  const { networks, containers } = pod;
  yield* networkViolations(networks, 'Must specify either');
  for (const [index, { endpoints }] of containers.entries()) {
    for (const [position, endpoint] of endpoints.entries()) {
      yield* endpointViolations(endpoint, pod, `/containers(${index})/endpoints(${position})`);
    }
  }
  const endpoints = containers.flatMap((container) => container.endpoints);
  yield* violationIf(
    !areUnique(endpoints.map(({ name }) => name)),
    '/',
    // Clients compare the text: the slip is Marathon's.
    'endpoint names nust be unique across all containers',
  );
  yield* violationIf(
    !areUnique(endpoints.flatMap(({ containerPort = 0 }) => containerPort || [])),
    '/',
    'container ports must be unique across all containers',
  );
  yield* violationIf(
    !areUnique(endpoints.flatMap(({ hostPort = 0 }) => hostPort || [])),
    '/',
    'host ports must be unique across all containers',
  );
};

const endpointViolations = (
  endpoint: PodEndpoint,
  { networks }: PodDefinition,
  path: string,
): Violation[] => {
  const { containerPort, hostPort } = endpoint;
  const isHost = networks.some(({ mode }) => mode === 'host');
  return [
    ...violationIf(
      isHost && containerPort !== undefined,
      `${path}/containerPort`,
      'may not be set when using host-mode networking',
    ),
    ...violationIf(
      isHost && hostPort === undefined,
      `${path}/hostPort`,
      'is required when using host-mode networking',
    ),
    ...violationIf(
      !isHost && containerPort === undefined,
      `${path}/containerPort`,
      'is required when using container-mode networking',
    ),
    ...networkNameViolations(endpoint, networks, path),
  ];
};
