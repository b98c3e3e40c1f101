/** What the master's logic has to know about the master itself; fixed for a run of the process. Names as in mesos.md B.1. */
export interface MasterSettings {
  readonly version: string;
  readonly hostname: string;
  /** IPv4 address, as text. */
  readonly ip: string;
  readonly port: number;
  readonly allocationIntervalMs: number;
  readonly agentPingTimeoutMs: number;
  readonly maxAgentPingTimeouts: number;
  readonly agentReregisterTimeoutMs: number;
  /** Outstanding offers are rescinded after this; never when undefined. */
  readonly offerTimeoutMs: number | undefined;
}

export const DEFAULT_ALLOCATION_INTERVAL_MS = 1_000;
export const DEFAULT_AGENT_PING_TIMEOUT_MS = 15_000;
export const DEFAULT_MAX_AGENT_PING_TIMEOUTS = 5;
export const DEFAULT_AGENT_REREGISTER_TIMEOUT_MS = 600_000;

export const HEARTBEAT_INTERVAL_SECONDS = 15;

/** History that is kept. */
export const MAX_COMPLETED_FRAMEWORKS = 50;
export const MAX_COMPLETED_TASKS_PER_FRAMEWORK = 1_000;
export const MAX_UNREACHABLE_TASKS_PER_FRAMEWORK = 1_000;
/** Statuses of one task. */
export const MAX_STATUSES_PER_TASK = 100;

/** The registry forgets agents that are unreachable or gone for this long, and the oldest beyond that many. */
export const REGISTRY_COLLECTION_INTERVAL_MS = 15 * 60_000;
export const REGISTRY_MAX_AGENT_AGE_MS = 14 * 24 * 3_600_000;
export const REGISTRY_MAX_AGENT_COUNT = 102_400;

/** With quotas, nothing is allocated after a start before this share of the agents is back. */
export const RECOVERED_AGENTS_SHARE = 0.8;
