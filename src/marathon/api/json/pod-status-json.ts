import { eachOf } from '../../../http/json-pieces.ts';
import type { PodEnding } from '../../core/pods/pod-ending.ts';
import type { PodContainerView, PodInstanceView } from '../../core/pods/pod-view.ts';
import type { PodDefinition } from '../../definitions/pods/pod.ts';
import type { MarathonEngine } from '../../engine.ts';
import { localVolumesJson } from './local-volumes-json.ts';
import { podJson } from './pod-json.ts';
import { time } from './task-json.ts';

/** Shows pods with what runs of them, as PodStatus (marathon.md 1.10), for `jsonPieces`. */
export type ShowPod = (pod: PodDefinition) => Record<string, unknown>;

/** A pod of which nothing was placed yet has been so since its version. */
export const podStatus =
  (engine: Pick<MarathonEngine, 'podView'>): ShowPod =>
  (pod) => {
    const view = engine.podView(pod.id);
    const sinceMs = view?.sinceMs ?? Date.parse(pod.version);
    const instances = view?.instances ?? [];
    const updatedAtMs = Math.max(sinceMs, ...instances.map((instance) => instance.updatedAtMs));
    return {
      id: pod.id,
      spec: podJson(pod),
      status: view?.status ?? 'TERMINAL',
      statusSince: time(sinceMs),
      instances: eachOf(instances, instanceStatusJson),
      terminationHistory: (view?.endings ?? []).map(endingJson),
      ...changeTimes({ sinceMs, updatedAtMs }),
    };
  };

const changeTimes = ({ sinceMs, updatedAtMs }: { sinceMs: number; updatedAtMs: number }): object => ({
  lastUpdated: time(updatedAtMs),
  lastChanged: time(sinceMs),
});

const instanceStatusJson = (instance: PodInstanceView): object => {
  const { id, podId, version, agent, status, message, sinceMs, networks, volumes } = instance;
  return {
    id,
    status,
    statusSince: time(sinceMs),
    ...(message !== undefined && { message }),
    ...(agent && { agentHostname: agent.hostname, agentId: agent.id }),
    ...(agent?.region !== undefined && { agentRegion: agent.region }),
    ...(agent?.zone !== undefined && { agentZone: agent.zone }),
    resources: instance.resources,
    networks,
    containers: instance.containers.map(containerStatusJson),
    specReference: `/v2/pods${podId}::versions/${version}`,
    localVolumes: localVolumesJson(podId, volumes),
    role: instance.role,
    ...changeTimes(instance),
  };
};

const containerStatusJson = (container: PodContainerView): object => {
  const { name, taskId, state, sinceMs, message, health, endpoints, resources, termination } = container;
  return {
    name,
    status: state,
    statusSince: time(sinceMs),
    ...(message !== undefined && { message }),
    conditions: health ? [healthConditionJson(health)] : [],
    containerId: taskId,
    endpoints: endpoints.map((endpoint) => ({
      name: endpoint.name,
      ...(endpoint.hostPort !== undefined && { allocatedHostPort: endpoint.hostPort }),
      ...(endpoint.isHealthy !== undefined && { healthy: endpoint.isHealthy }),
    })),
    resources,
    ...(termination && { termination }),
    ...changeTimes(container),
  };
};

const healthConditionJson = (health: NonNullable<PodContainerView['health']>): object => ({
  name: 'healthy',
  value: String(health.isHealthy ?? false),
  reason: health.isHealthy === undefined ? 'health-unreported-by-mesos' : 'health-reported-by-mesos',
  lastChanged: time(health.sinceMs),
  lastUpdated: time(health.toldAtMs),
});

const endingJson = (ending: PodEnding): object => ({
  instanceID: ending.instanceId,
  startedAt: time(ending.startedAtMs),
  terminatedAt: time(ending.terminatedAtMs),
  ...(ending.message !== undefined && { message: ending.message }),
  containers: ending.containers.map(({ taskId, state, termination }) => ({
    containerId: taskId,
    ...(state !== undefined && { lastKnownState: state }),
    ...(termination && { termination }),
  })),
});
