import type { Constraint } from './constraint.ts';
import type { Container } from './container.ts';
import type { Check, HealthCheck, ReadinessCheck } from './health.ts';
import type { Network, PortDefinition } from './network.ts';
import type { PathId, RunSpecId } from './path-id.ts';

/** An ISO-8601 time with three digits of a second, in UTC: `2026-01-02T03:04:05.678Z` (marathon.md 1.4). */
export type Timestamp = string;

export interface VersionInfo {
  readonly lastScalingAt: Timestamp;
  /** Instances older than this one have to be replaced. */
  readonly lastConfigChangeAt: Timestamp;
}

/** The text itself, or where to find it. */
export type EnvironmentValue = string | { readonly secret: string };

export interface FetchUri {
  readonly uri: string;
  readonly extract: boolean;
  readonly executable: boolean;
  readonly cache: boolean;
  readonly destPath?: string;
}

/** Fractions of `instances`, each in [0, 1]. */
export interface UpgradeStrategy {
  readonly minimumHealthCapacity: number;
  readonly maximumOverCapacity: number;
  /** New instances come in steps. */
  readonly canary?: { readonly steps: readonly CanaryStep[] };
  /** A whole new set comes up beside the old one. */
  readonly blueGreen?: Pause;
}

/** How long it waits once the new instances are healthy: so many seconds, or until somebody has it continue. */
export interface Pause {
  readonly pauseSeconds?: number;
  readonly untilContinued?: boolean;
}

/** How many instances are new in the step: so many, or so many percent. */
export interface CanaryStep extends Pause {
  readonly instances?: number;
  readonly percent?: number;
}

export type UnreachableStrategy =
  | 'disabled'
  | { readonly inactiveAfterSeconds: number; readonly expungeAfterSeconds: number };

/** What of a resource a task may use at most; `unlimited` lifts the bound. */
export type ResourceLimit = number | 'unlimited';

export type KillSelection = 'YOUNGEST_FIRST' | 'OLDEST_FIRST';

/**
 * An app as it is stored: canonical form, every default filled in, ids absolute, service ports assigned
 * (marathon.md 2.2). Its JSON is what the API shows, but for empty collections (`api/app-json.ts`).
 * CPUs are shares of one, memory and disk MiB.
 */
export interface AppDefinition {
  readonly id: RunSpecId;
  readonly cmd?: string;
  readonly args?: readonly string[];
  readonly user?: string;
  readonly env: Readonly<Record<string, EnvironmentValue>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly instances: number;
  readonly cpus: number;
  readonly mem: number;
  readonly disk: number;
  readonly gpus: number;
  readonly resourceLimits?: { readonly cpus?: ResourceLimit; readonly mem?: ResourceLimit };
  /** Empty or `//cmd` for the command executor, else the path of a custom one. */
  readonly executor: string;
  readonly executorResources?: { readonly cpus: number; readonly mem: number; readonly disk: number };
  readonly role: string;
  /** Undefined: `*` and the app's role. */
  readonly acceptedResourceRoles?: readonly string[];
  readonly constraints: readonly Constraint[];
  readonly container?: Container;
  /** At least one. */
  readonly networks: readonly Network[];
  /** With host networking only, and then always; the ports of the other networks are container.portMappings. */
  readonly portDefinitions?: readonly PortDefinition[];
  readonly requirePorts: boolean;
  readonly fetch: readonly FetchUri[];
  readonly healthChecks: readonly HealthCheck[];
  readonly check?: Check;
  /** At most one. */
  readonly readinessChecks: readonly ReadinessCheck[];
  /** Apps or groups. */
  readonly dependencies: readonly PathId[];
  readonly backoffSeconds: number;
  readonly backoffFactor: number;
  readonly maxLaunchDelaySeconds: number;
  readonly upgradeStrategy: UpgradeStrategy;
  readonly taskKillGracePeriodSeconds?: number;
  readonly killSelection: KillSelection;
  readonly unreachableStrategy: UnreachableStrategy;
  readonly residency?: {
    readonly relaunchEscalationTimeoutSeconds: number;
    readonly taskLostBehavior: 'WAIT_FOREVER' | 'RELAUNCH_AFTER_TIMEOUT';
  };
  readonly secrets: Readonly<Record<string, { readonly source: string }>>;
  readonly tty?: boolean;
  readonly version: Timestamp;
  readonly versionInfo: VersionInfo;
}
