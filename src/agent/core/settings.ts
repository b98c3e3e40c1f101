import type { Attribute, DomainInfo } from '../../mesos/generated/mesos.ts';

/** What the agent's logic has to know about the agent itself; fixed for a run of the process. */
export interface AgentSettings {
  readonly version: string;
  readonly hostname: string;
  readonly ip: string;
  readonly port: number;
  readonly workDir: string;
  readonly attributes: readonly Attribute[];
  /** Where it is. */
  readonly domain?: DomainInfo;
  /** Variables that every executor and task starts with. */
  readonly executorEnvironment: Readonly<Record<string, string>>;
  /** The plenum executable, for tasks that start a scheduler. */
  readonly executable: string | undefined;
  /** Whether tasks may run as another user than the agent's: only root may start them so. */
  readonly canSwitchUser: boolean;
  /** In the order in which they are asked: `docker` is a container engine, `mesos` the agent itself. */
  readonly containerizers: readonly string[];
  /** Names of the isolators that containers are set apart by, such as `cgroups/mem`. */
  readonly isolation: readonly string[];
  readonly executorRegistrationTimeoutMs: number;
  readonly executorShutdownGraceMs: number;
  readonly executorReregistrationTimeoutMs: number;
}

/** Grace of a kill for which nobody gave another (mesos.md 2.10). */
export const DEFAULT_KILL_GRACE_MS = 3_000;
export const DEFAULT_REGISTRATION_TIMEOUT_MS = 60_000;
export const DEFAULT_SHUTDOWN_GRACE_MS = 5_000;
export const DEFAULT_REREGISTRATION_TIMEOUT_MS = 2_000;

/** History that is kept (mesos.md 2.6). */
export const MAX_COMPLETED_FRAMEWORKS = 50;
export const MAX_COMPLETED_EXECUTORS_PER_FRAMEWORK = 150;
export const MAX_COMPLETED_TASKS_PER_EXECUTOR = 200;

/** The retry of an unacknowledged update doubles from the first to the second (mesos.md 1.11). */
export const FIRST_RETRY_MS = 10_000;
export const LONGEST_RETRY_MS = 600_000;
