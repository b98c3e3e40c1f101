import type { EnvironmentValue, FetchUri, ResourceLimit } from '../app.ts';
import type { LinuxInfo, PersistentVolume } from '../container.ts';
import type { CheckCommand } from '../health.ts';
import type { Network } from '../network.ts';
import type { Scheduling } from '../run-spec.ts';

/** CPUs are shares of one, memory and disk MiB. */
export interface PodResources {
  readonly cpus: number;
  readonly mem: number;
  readonly disk: number;
  readonly gpus: number;
}

/** Where something in a container listens. */
export interface PodEndpoint {
  /** Unique in the pod. */
  readonly name: string;
  /** With every network but the host's. */
  readonly containerPort?: number;
  /** 0: any from the offer; undefined: the port is not mapped to the host. */
  readonly hostPort?: number;
  /** At least one. */
  readonly protocol: readonly ('tcp' | 'udp')[];
  readonly labels: Readonly<Record<string, string>>;
  /** The container networks that it is for; empty: all. */
  readonly networkNames: readonly string[];
}

/** What the agent looks at: exactly one of http, tcp, exec. Times in seconds. */
export interface PodCheck {
  readonly http?: { readonly endpoint: string; readonly path?: string; readonly scheme: 'HTTP' | 'HTTPS' };
  readonly tcp?: { readonly endpoint: string };
  readonly exec?: CheckCommand;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly delaySeconds: number;
}

export interface PodHealthCheck extends PodCheck {
  readonly gracePeriodSeconds: number;
  readonly maxConsecutiveFailures: number;
}

export interface PodImage {
  readonly kind: 'DOCKER';
  readonly id: string;
  readonly forcePull?: boolean;
  readonly pullConfig?: { readonly secret: string };
  readonly labels: Readonly<Record<string, string>>;
}

export interface VolumeMount {
  /** Name of one of the pod's volumes. */
  readonly name: string;
  readonly mountPath: string;
  readonly readOnly?: boolean;
}

export interface PodContainer {
  readonly name: string;
  /** Undefined: what the image says. */
  readonly exec?: CheckCommand & { readonly overrideEntrypoint?: boolean };
  readonly resources: PodResources;
  readonly resourceLimits?: { readonly cpus?: ResourceLimit; readonly mem?: ResourceLimit };
  readonly endpoints: readonly PodEndpoint[];
  readonly image?: PodImage;
  readonly environment: Readonly<Record<string, EnvironmentValue>>;
  readonly user?: string;
  readonly healthCheck?: PodHealthCheck;
  readonly check?: PodCheck;
  readonly volumeMounts: readonly VolumeMount[];
  readonly artifacts: readonly FetchUri[];
  readonly labels: Readonly<Record<string, string>>;
  readonly lifecycle?: { readonly killGracePeriodSeconds?: number };
  readonly linuxInfo?: LinuxInfo;
  readonly tty?: boolean;
}

/** Ephemeral unless it says otherwise: `host` is a path of the agent, `secret` names one of the pod's secrets. */
export interface PodVolume {
  readonly name: string;
  readonly host?: string;
  readonly persistent?: PersistentVolume['persistent'];
  readonly secret?: string;
}

/**
 * A pod as it is stored: containers that live and die together on one agent (marathon.md 2.9), with every default filled
 * in. How it is scheduled is said as apps say it, so that one core runs both; `api/json/pod-json.ts` writes the form that
 * clients know.
 */
export interface PodDefinition extends Scheduling {
  /** At least one. */
  readonly containers: readonly PodContainer[];
  readonly volumes: readonly PodVolume[];
  readonly networks: readonly Network[];
  readonly environment: Readonly<Record<string, EnvironmentValue>>;
  readonly secrets: Readonly<Record<string, { readonly source: string }>>;
  readonly user?: string;
  readonly executorResources: { readonly cpus: number; readonly mem: number; readonly disk: number };
  readonly linuxInfo?: Pick<LinuxInfo, 'ipcInfo'>;
  readonly legacySharedCgroups?: boolean;
}
