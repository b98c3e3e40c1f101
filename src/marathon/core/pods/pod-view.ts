import type { OfferedAgent } from '../../../mesos/agent-fields.ts';
import type { TaskState } from '../../../mesos/generated/mesos.ts';
import type { PodDefinition, PodResources } from '../../definitions/pods/pod.ts';
import { asPod } from '../../definitions/run-spec.ts';
import { definitionOf } from '../definition-of.ts';
import {
  type Condition,
  type ContainerNetwork,
  type ContainerTask,
  type Goal,
  type Instance,
  isTerminal,
  isUnreachable,
  type ReservedVolume,
} from '../instance.ts';
import { scalarNeedsOf } from '../matcher/scalar-needs.ts';
import type { MarathonState } from '../state.ts';
import { type PodEnding, type Termination, terminationOf } from './pod-ending.ts';
import { podHealth } from './pod-health.ts';
import { type SettledEndpoint, settledEndpoints } from './settled-endpoints.ts';

/** What is known of a pod while it runs: the facts that `::status` and `::instances` show (marathon.md 1.10). */
export interface PodView {
  /** The present definition; of a pod that is being torn down, one that its instances run. */
  readonly pod: PodDefinition;
  /** DEGRADED: fewer instances are stable than should be. TERMINAL: it is being torn down. */
  readonly status: 'DEGRADED' | 'STABLE' | 'TERMINAL';
  /** Since when one of its instances is as it is; undefined when there are none. */
  readonly sinceMs?: number;
  /** Those that have been placed; what only waits for an offer is not among them. */
  readonly instances: readonly PodInstanceView[];
  /** The latest, oldest first. */
  readonly endings: readonly PodEnding[];
}

export type PodInstanceStatus = 'PENDING' | 'STAGING' | 'STABLE' | 'DEGRADED' | 'TERMINAL';

export interface PodInstanceView {
  readonly id: string;
  readonly podId: string;
  /** Of the definition that it runs. */
  readonly version: string;
  readonly role: string;
  readonly goal: Goal;
  readonly condition: Condition;
  /** When the condition began. */
  readonly sinceMs: number;
  /** When all its containers had come to run. */
  readonly activeSinceMs?: number;
  /** Undefined while a result is missing, and when there are no checks. */
  readonly isHealthy?: boolean;
  readonly status: PodInstanceStatus;
  /** Why it is degraded. */
  readonly message?: string;
  readonly agent?: OfferedAgent;
  /** Of all containers and the executor. */
  readonly resources: PodResources;
  readonly networks: readonly ContainerNetwork[];
  readonly containers: readonly PodContainerView[];
  /** Its persistent volumes, by their names in the definition. */
  readonly volumes: readonly ReservedVolume[];
  /** When something was heard of it last. */
  readonly updatedAtMs: number;
}

export interface PodContainerView {
  readonly name: string;
  readonly taskId: string;
  /** TASK_STAGING before the first status. */
  readonly state: TaskState;
  /** When the state began. */
  readonly sinceMs: number;
  readonly message?: string;
  /** With a health check only; `isHealthy` is undefined while nothing was reported. */
  readonly health?: {
    readonly isHealthy: boolean | undefined;
    readonly sinceMs: number;
    readonly toldAtMs: number;
  };
  /** `isHealthy` of the one that the health check looks at. */
  readonly endpoints: readonly (SettledEndpoint & { readonly isHealthy?: boolean })[];
  readonly resources: PodResources;
  /** Once it has ended. */
  readonly termination?: Termination;
  readonly updatedAtMs: number;
}

/** A pod and its instances; undefined when neither is there. */
export const podView = (state: MarathonState, podId: string): PodView | undefined => {
  const instances = state.instances.ofApp(podId);
  const present = state.root.pods.get(podId);
  const pod =
    present ?? instances.map((one) => asPod(definitionOf(state, one))).find((one) => one !== undefined);
  if (pod === undefined) return undefined;
  const views = instances
    .filter(({ task }) => task !== undefined)
    .flatMap((instance) => podInstanceView(state, instance) ?? []);
  const stable = views.filter(({ status, goal }) => status === 'STABLE' && goal === 'Running').length;
  const status = stable >= pod.instances ? 'STABLE' : 'DEGRADED';
  return {
    pod,
    status: present === undefined ? 'TERMINAL' : status,
    ...(views.length === 0 ? {} : { sinceMs: Math.max(...views.map(({ sinceMs }) => sinceMs)) }),
    instances: views,
    endings: state.podEndings.get(podId) ?? [],
  };
};

/** One instance of a pod; undefined when it is an app's. */
export const podInstanceView = (state: MarathonState, instance: Instance): PodInstanceView | undefined => {
  const pod = asPod(definitionOf(state, instance));
  if (pod === undefined) return undefined;
  const { id, role, goal, condition, sinceMs, agent, task, reservation } = instance;
  const endpoints = settledEndpoints(pod, task?.hostPorts ?? []);
  const containers = (task?.containers ?? []).flatMap((container) =>
    containerView(pod, container, endpoints),
  );
  const isHealthy = podHealth(pod, instance);
  return {
    id,
    podId: pod.id,
    version: instance.appVersion,
    role,
    goal,
    condition,
    sinceMs,
    ...(task?.startedAtMs === undefined ? {} : { activeSinceMs: task.startedAtMs }),
    ...(isHealthy === undefined ? {} : { isHealthy }),
    ...statusOf(condition, containers),
    ...(agent ? { agent } : {}),
    resources: scalarNeedsOf(pod),
    networks: networksOf(task?.containers ?? []),
    containers,
    volumes: reservation?.volumes ?? [],
    updatedAtMs: Math.max(sinceMs, ...containers.map(({ updatedAtMs }) => updatedAtMs)),
  };
};

const containerView = (
  pod: PodDefinition,
  container: ContainerTask,
  endpoints: readonly SettledEndpoint[],
): PodContainerView[] => {
  const { name, taskId, sinceMs, state = 'TASK_STAGING', message, health, condition, toldAtMs } = container;
  const definition = pod.containers.find((one) => one.name === name);
  if (definition === undefined) return [];
  const { healthCheck, resources } = definition;
  const checked = healthCheck?.http?.endpoint ?? healthCheck?.tcp?.endpoint;
  return [
    {
      name,
      taskId,
      state,
      sinceMs,
      ...(message === undefined ? {} : { message }),
      ...(healthCheck ? { health: { isHealthy: undefined, sinceMs, toldAtMs: sinceMs, ...health } } : {}),
      endpoints: endpoints
        .filter((endpoint) => endpoint.container === name)
        .map((endpoint) => ({
          ...endpoint,
          ...(health && endpoint.name === checked ? { isHealthy: health.isHealthy } : {}),
        })),
      resources,
      ...(isTerminal(condition) ? terminationOf(container) : {}),
      updatedAtMs: toldAtMs ?? sinceMs,
    },
  ];
};

const statusOf = (
  condition: Condition,
  containers: readonly PodContainerView[],
): Pick<PodInstanceView, 'status' | 'message'> => {
  if (isUnreachable(condition)) return { status: 'DEGRADED', message: 'pod instance has become unreachable' };
  switch (condition) {
    case 'Scheduled':
    case 'Provisioned':
      return { status: 'PENDING' };
    case 'Staging':
    case 'Starting':
      return { status: 'STAGING' };
    case 'Running':
      return containers.some(({ health }) => health && health.isHealthy !== true)
        ? { status: 'DEGRADED', message: 'at least one container is not healthy' }
        : { status: 'STABLE' };
    default:
      return { status: 'TERMINAL' };
  }
};

/** Containers share the networks of their pod: each is listed once. */
const networksOf = (containers: readonly ContainerTask[]): ContainerNetwork[] => {
  const found = new Map<string, ContainerNetwork>();
  for (const { networks = [] } of containers) {
    for (const network of networks) found.set(JSON.stringify(network), network);
  }
  return [...found.values()];
};
