import type { Constraint } from '../../marathon/definitions/constraint.ts';
import type { Attribute, Resource } from '../../mesos/generated/mesos.ts';
import type { Selector } from './selector.ts';

/** What is simulated: a scenario with every default filled in and every class dealt out. Times in virtual milliseconds from the beginning. */
export interface Scenario {
  readonly name: string;
  readonly about: string | undefined;
  readonly seed: number;
  readonly untilMs: number;
  readonly sampleMs: number;
  readonly master: MasterPlan;
  readonly longestDelayMs: number;
  readonly agents: readonly AgentPlan[];
  readonly roles: ReadonlyMap<string, RolePlan>;
  readonly frameworks: readonly FrameworkPlan[];
  readonly marathon: MarathonPlan | undefined;
  readonly timeline: readonly TimelineEntry[];
}

/** Settings that differ from a master's defaults. */
export interface MasterPlan {
  readonly allocationIntervalMs?: number;
  readonly agentPingTimeoutMs?: number;
  readonly maxAgentPingTimeouts?: number;
  readonly agentReregisterTimeoutMs?: number;
  readonly offerTimeoutMs?: number;
  /** `--preemption` */
  readonly isPreempting?: boolean;
  /** What a run of the allocator takes for each agent. */
  readonly decisionMsPerAgent: number;
}

/** Amounts of scalar resources by name; memory and disk in MiB. */
export type Amounts = Readonly<Record<string, number>>;

export interface RolePlan {
  readonly weight?: number;
  readonly guarantee?: Amounts;
  readonly limit?: Amounts;
}

export interface AgentPlan {
  /** Of one that a master knew before. */
  readonly id?: string;
  readonly hostname: string;
  readonly className: string;
  readonly resources: readonly Resource[];
  readonly attributes: readonly Attribute[];
  readonly region?: string;
  readonly zone?: string;
  readonly joinsMs: number;
  readonly failures?: {
    readonly kind: 'reboot' | 'partition';
    readonly meanMs: number;
    readonly lastsMs: number;
  };
}

/** How long tasks run: for ever when it is undefined. */
export type LengthPlan =
  | { readonly type: 'constant'; readonly ms: number }
  | { readonly type: 'exponential'; readonly meanMs: number }
  | { readonly type: 'lognormal'; readonly medianMs: number; readonly sigma: number };

export type ArrivalPlan =
  | { readonly type: 'at-once' }
  | { readonly type: 'constant' | 'poisson'; readonly meanMs: number }
  | { readonly type: 'burst'; readonly count: number; readonly everyMs: number }
  | { readonly type: 'backlog'; readonly count: number };

/** Tasks of one shape. */
export interface TaskKind {
  readonly name: string;
  readonly role: string;
  readonly amounts: Amounts;
  readonly length: LengthPlan | undefined;
  readonly arrivals: ArrivalPlan;
  /** How many are ever wanted. */
  readonly count: number;
  readonly constraints: readonly Constraint[];
}

/** A task that runs when the simulation begins. */
export interface RunningTask {
  readonly taskId: string;
  readonly agentId: string;
  readonly kind: TaskKind;
  readonly resources: readonly Resource[];
}

export interface FrameworkPlan {
  /** Of one that a master knew before. */
  readonly id?: string;
  readonly name: string;
  readonly startsMs: number;
  readonly refuseSeconds: number;
  /** The most tasks in one offer. */
  readonly perOffer: number;
  readonly kinds: readonly TaskKind[];
  readonly running: readonly RunningTask[];
}

export interface MarathonPlan {
  readonly name: string;
  readonly role: string;
  readonly startupMs: number;
  /** As POST /v2/apps takes them. */
  readonly apps: readonly unknown[];
}

/** Which agents something happens to. */
export interface Target {
  readonly selector: Selector;
  /** So many of them, at random; all when it is undefined. */
  readonly pick: number | undefined;
}

export type TimelineAction =
  | {
      readonly type: 'kill' | 'partition' | 'drain';
      readonly target: Target;
      readonly forMs: number | undefined;
    }
  | { readonly type: 'reactivate' | 'restore'; readonly target: Target }
  | { readonly type: 'scale'; readonly app: string; readonly instances: number }
  | { readonly type: 'quota'; readonly role: string; readonly guarantee: Amounts; readonly limit: Amounts }
  | { readonly type: 'weight'; readonly role: string; readonly weight: number }
  | { readonly type: 'reserve'; readonly target: Target; readonly role: string; readonly amounts: Amounts }
  | {
      readonly type: 'burst';
      readonly framework: string;
      readonly task: string | undefined;
      readonly tasks: number;
    }
  | { readonly type: 'failover'; readonly forMs: number };

export interface TimelineEntry {
  readonly atMs: number;
  readonly action: TimelineAction;
}
