import type { Acls } from '../../mesos/acls/acls.ts';
import type { DomainInfo } from '../../mesos/generated/mesos.ts';

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
  /** At the least so long between two agents that are given up; undefined: each at once. */
  readonly agentRemovalIntervalMs: number | undefined;
  /** The master ends rather than give up a larger part of the agents after its start; from 0 to 1. */
  readonly recoveryAgentRemovalLimit: number;
  /** How often the registry forgets agents, and which: those unreachable or gone for longer, the oldest of more. */
  readonly registryGcIntervalMs: number;
  readonly registryMaxAgentAgeMs: number;
  readonly registryMaxAgentCount: number;
  /** History that is kept. */
  readonly maxCompletedFrameworks: number;
  readonly maxCompletedTasksPerFramework: number;
  readonly maxUnreachableTasksPerFramework: number;
  /** Where the master is; without it, agents that say where they are are not let in. */
  readonly domain: DomainInfo | undefined;
  readonly isAgentDomainRequired: boolean;
  /** Roles that frameworks and quotas may name; undefined: any. */
  readonly roles: ReadonlySet<string> | undefined;
  /** Of roles, until an operator has changed any. */
  readonly initialWeights: ReadonlyMap<string, number>;
  /** Whether frameworks may run tasks as root. */
  readonly areRootSubmissionsAllowed: boolean;
  /** Who may do what; undefined: everybody everything. */
  readonly acls: Acls | undefined;
  /** Whether tasks are killed for guarantees that cannot be served otherwise. */
  readonly isPreempting: boolean;
}

/** Mesos' defaults: all but what depends on where the master listens. */
export const DEFAULT_SETTINGS: Omit<MasterSettings, 'version' | 'hostname' | 'ip' | 'port'> = {
  allocationIntervalMs: 1_000,
  agentPingTimeoutMs: 15_000,
  maxAgentPingTimeouts: 5,
  agentReregisterTimeoutMs: 600_000,
  offerTimeoutMs: undefined,
  agentRemovalIntervalMs: undefined,
  recoveryAgentRemovalLimit: 1,
  registryGcIntervalMs: 15 * 60_000,
  registryMaxAgentAgeMs: 14 * 24 * 3_600_000,
  registryMaxAgentCount: 102_400,
  maxCompletedFrameworks: 50,
  maxCompletedTasksPerFramework: 1_000,
  maxUnreachableTasksPerFramework: 1_000,
  domain: undefined,
  isAgentDomainRequired: false,
  roles: undefined,
  initialWeights: new Map(),
  areRootSubmissionsAllowed: true,
  acls: undefined,
  isPreempting: false,
};

export const HEARTBEAT_INTERVAL_SECONDS = 15;

/** Statuses of one task. */
export const MAX_STATUSES_PER_TASK = 100;

/** With quotas, nothing is allocated after a start before this share of the agents is back. */
export const RECOVERED_AGENTS_SHARE = 0.8;

/** It is not waited for them any longer, however long agents may take to come back (mesos.md 4.6). */
export const MAX_RECOVERY_PAUSE_MS = 600_000;
