import type { OfferedAgent } from '../../mesos/agent-fields.ts';
import type { CheckStatusInfo, TaskState, TaskStatusReason } from '../../mesos/generated/mesos.ts';
import type { Amounts } from './resident/amounts.ts';

/** What an instance is meant to be (marathon.md 3.1). */
export type Goal =
  /** Keep it up. */
  | 'Running'
  /** End its task, keep the instance and its reservation. */
  | 'Stopped'
  /** End its task and forget it. */
  | 'Decommissioned';

/** How an instance is (marathon.md 3.1). */
export type Condition =
  | 'Scheduled'
  | 'Provisioned'
  | 'Staging'
  | 'Starting'
  | 'Running'
  | 'Killing'
  | 'Unreachable'
  | 'UnreachableInactive'
  | 'Finished'
  | 'Killed'
  | 'Error'
  | 'Failed'
  | 'Gone'
  | 'Dropped'
  | 'Unknown';

/** An address by which a container can be reached; on the host's network the name is missing. */
export interface ContainerNetwork {
  readonly name?: string;
  readonly addresses: readonly string[];
}

/** A container of a pod's instance: a task of its own (marathon.md 3.1). Replaced as a whole when something changes. */
export interface ContainerTask {
  /** As the definition names it. */
  readonly name: string;
  readonly taskId: string;
  readonly condition: Condition;
  /** When the condition began. */
  readonly sinceMs: number;
  /** What the last status said; undefined before the first. */
  readonly state?: TaskState;
  readonly reason?: TaskStatusReason;
  readonly message?: string;
  /** When the last status came. */
  readonly toldAtMs?: number;
  readonly startedAtMs?: number;
  /** What its health check found last, since when, and when that was told last. */
  readonly health?: { readonly isHealthy: boolean; readonly sinceMs: number; readonly toldAtMs: number };
  readonly networks?: readonly ContainerNetwork[];
}

/** The task, or the tasks, of the present incarnation. It is there from the moment an offer was found for it. */
export interface InstanceTask {
  /** The task's; of a pod, its executor's: its tasks are those of the containers. */
  id: string;
  /** Of pods only: one per container, in the order of the definition. */
  containers?: readonly ContainerTask[];
  /** Host ports in the order of the definition; only ports that have one. */
  hostPorts: readonly number[];
  stagedAtMs: number;
  startedAtMs?: number;
  ipAddresses?: readonly { ipAddress: string; protocol: 'IPv4' | 'IPv6' }[];
  /** Since when the master cannot reach it. */
  unreachableAtMs?: number;
  /** Result of the app's `check`. */
  checkStatus?: CheckStatusInfo;
  /** What checks done by Mesos said last. */
  isHealthy?: boolean;
  /** The master was asked to end it; asked again after a restart. */
  isKillWanted?: boolean;
}

/** A volume of an instance that outlives its tasks. */
export interface ReservedVolume {
  /** The volume's container path in an app, its name in a pod. */
  readonly name: string;
  /** `<safe path>#<name>#<uuid>`. */
  readonly persistenceId: string;
}

/** What is reserved for a resident instance on one agent (marathon.md 3.17): all that its tasks need, volumes included. */
export interface Reservation {
  /** The framework that reserved it, as the labels of the resources say. */
  readonly frameworkId: string;
  readonly agent: OfferedAgent;
  readonly volumes: readonly ReservedVolume[];
  /** Host ports in the order of the definition. */
  readonly hostPorts: readonly number[];
  /** All that is reserved, the volumes included; undefined where an earlier version kept no account. */
  readonly amounts?: Amounts;
  /** When the master was asked for it. */
  readonly sinceMs: number;
  /** An offer has shown it; until then it may have come to nothing. */
  readonly isConfirmed: boolean;
  /** A task has run on it, so that there may be data; undefined when that is not known. */
  readonly isUsed?: boolean;
}

/** One placement of an app or a pod, durable from its creation on. Replaced as a whole when something of it changes. */
export interface Instance {
  /** `<safe path>.instance-<uuid>`, for life. */
  readonly id: string;
  readonly appId: string;
  /** The role that its resources are allocated to. */
  readonly role: string;
  readonly goal: Goal;
  readonly condition: Condition;
  /** When the condition began. */
  readonly sinceMs: number;
  /** Version of the app that it runs, or will run once it is launched. */
  readonly appVersion: string;
  /** Counts its tasks: the first is 1, and 0 that it never had one. */
  readonly incarnation: number;
  /** Where it was placed. */
  readonly agent?: OfferedAgent;
  readonly task?: InstanceTask;
  /** Of resident instances: where their volumes are, or are being made. It outlives their tasks. */
  readonly reservation?: Reservation;
  /** It has passed the readiness checks of the deployment that started it. */
  readonly isReady?: boolean;
}

const ACTIVE: ReadonlySet<Condition> = new Set([
  'Provisioned',
  'Staging',
  'Starting',
  'Running',
  'Killing',
  'Unreachable',
]);
const TERMINAL: ReadonlySet<Condition> = new Set([
  'Finished',
  'Killed',
  'Error',
  'Failed',
  'Gone',
  'Dropped',
  'Unknown',
]);
const UNREACHABLE: ReadonlySet<Condition> = new Set(['Unreachable', 'UnreachableInactive']);

/** A task of it exists or may exist. */
export const isActive = (condition: Condition): boolean => ACTIVE.has(condition);

export const isTerminal = (condition: Condition): boolean => TERMINAL.has(condition);

export const isUnreachable = (condition: Condition): boolean => UNREACHABLE.has(condition);
