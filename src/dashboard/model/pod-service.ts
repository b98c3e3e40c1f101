import { NOTHING, plus, type Quantities } from './quantities.ts';
import type { ServiceStatus, ServiceView, WaitingSpecs } from './services.ts';

/** A pod of Marathon's /v2/pods/::status, as far as it is shown. */
export interface Pod {
  readonly id: string;
  readonly spec: {
    /** When it was defined so. */
    readonly version: string;
    readonly scaling?: { readonly instances?: number };
  };
  readonly status: string;
  readonly instances?: readonly PodInstance[];
  /** How the latest instances ended. */
  readonly terminationHistory?: readonly {
    readonly instanceID: string;
    readonly terminatedAt?: string;
    readonly message?: string;
    readonly containers?: readonly { readonly containerId?: string; readonly termination?: Termination }[];
  }[];
}

interface Termination {
  readonly exitCode?: number;
  readonly message?: string;
}

export interface PodInstance {
  readonly id?: string;
  /** PENDING, STAGING, STABLE, DEGRADED or TERMINAL. */
  readonly status: string;
  readonly statusSince?: string;
  readonly message?: string;
  readonly agentHostname?: string;
  readonly agentId?: string;
  readonly resources?: Quantities;
  readonly containers?: readonly PodContainer[];
}

export interface PodContainer {
  readonly name: string;
  /** Of its task. */
  readonly status: string;
  readonly statusSince?: string;
  readonly message?: string;
  /** The id of its task. */
  readonly containerId?: string;
  readonly conditions?: readonly {
    readonly name: string;
    readonly value: string;
    readonly reason?: string;
  }[];
  readonly endpoints?: readonly { readonly name: string; readonly allocatedHostPort?: number }[];
  readonly resources?: Quantities;
}

export const serviceOfPod = (pod: Pod, waiting: WaitingSpecs): ServiceView => {
  const { instances = [], spec } = pod;
  const running = instances.filter(({ status }) => status === 'STABLE' || status === 'DEGRADED').length;
  const wanted = spec.scaling?.instances ?? 1;
  const trouble = instances.find(({ status }) => status === 'DEGRADED');
  return {
    name: pod.id,
    kind: 'pod',
    status: statusOfPod(pod, { running, wanted, isWaiting: waiting.has(pod.id) }),
    reason: waiting.get(pod.id) ?? trouble?.message ?? '',
    running,
    wanted,
    held: instances
      .filter(({ status }) => status !== 'TERMINAL')
      .reduce((sum, { resources = NOTHING }) => plus(sum, resources), NOTHING),
    link: undefined,
  };
};

const statusOfPod = (
  { status, instances = [] }: Pod,
  { running, wanted, isWaiting }: { running: number; wanted: number; isWaiting: boolean },
): ServiceStatus => {
  if (isWaiting && running < wanted) return 'Waiting';
  if (instances.some((instance) => instance.status === 'PENDING' || instance.status === 'STAGING')) {
    return 'Deploying';
  }
  if (wanted === 0) return 'Stopped';
  if (running === 0) return 'Unavailable';
  return status === 'STABLE' ? 'Running' : 'Degraded';
};
