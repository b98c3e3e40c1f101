import type { InverseOfferStatus } from '../../mesos/generated/allocator.ts';
import type {
  AgentInfo,
  AgentInfoCapability,
  DrainInfo,
  ExecutorInfo,
  FrameworkInfo,
  FrameworkInfoCapability,
  KillPolicy,
  MasterInfo,
  Operation,
  Resource,
  Task,
  Unavailability,
} from '../../mesos/generated/mesos.ts';
import type { QuotaConfig } from '../../mesos/generated/quota.ts';
import type { OfferConstraints } from '../../mesos/generated/scheduler.ts';
import type { Maintenance } from './maintenance-schedule.ts';
import type { PreemptionState } from './preemption-record.ts';

export type FrameworkCapability = FrameworkInfoCapability['type'];
export type AgentCapability = AgentInfoCapability['type'];

/**
 * How a framework stands to the master (mesos.md 1.7, 4.6): its stream is open; it is not, and may come back in time; or
 * it is only known from the agents that run its tasks.
 */
export type FrameworkConnection = 'connected' | 'disconnected' | 'recovered';

export interface Framework {
  readonly id: string;
  /** As the framework gave it, with its id; `user` and `checkpoint` never change. */
  info: FrameworkInfo;
  /** As whom its scheduler has logged in, if so. */
  caller: string | undefined;
  /** The roles that it subscribed with, whichever way it said so. */
  roles: readonly string[];
  capabilities: ReadonlySet<FrameworkCapability>;
  connection: FrameworkConnection;
  /** Of the open stream. */
  streamId: string | undefined;
  suppressedRoles: ReadonlySet<string>;
  offerConstraints: OfferConstraints | undefined;
  readonly registeredMs: number;
  reregisteredMs: number | undefined;
  /** While it is disconnected: since when. */
  disconnectedMs: number | undefined;
  /**
   * Launched and not over, or over and not acknowledged, by id. Tasks are never changed in place: an update puts a new
   * object here, so that one that was handed out stays as it was.
   */
  readonly tasks: Map<string, Task>;
  /** Over and acknowledged. Bounded, oldest first. */
  readonly completedTasks: Task[];
  /** On agents that are unreachable, by id. Bounded, oldest first. */
  readonly unreachableTasks: Map<string, Task>;
  /** Ids of its outstanding offers. */
  readonly offerIds: Set<string>;
  readonly inverseOfferIds: Set<string>;
}

/** A framework that was torn down or did not come back in time: what is left to show. */
export type CompletedFramework = Pick<
  Framework,
  'id' | 'info' | 'roles' | 'registeredMs' | 'reregisteredMs' | 'completedTasks' | 'unreachableTasks'
> & { unregisteredMs: number };

/** An agent that registered with this master. */
export interface Agent {
  readonly id: string;
  /** With its id; `resources` are those of its flags, without dynamic reservations and volumes. */
  info: AgentInfo;
  address: { hostname: string; ip: string; port: number };
  version: string;
  capabilities: ReadonlySet<AgentCapability>;
  /** Of the open stream; undefined while it is disconnected. */
  streamId: string | undefined;
  /** By an operator: it gets no offers whether it is connected or not. */
  isDeactivated: boolean;
  drain: DrainInfo | undefined;
  drainStartedMs: number | undefined;
  /** Everything it has, reservations and volumes applied. */
  total: readonly Resource[];
  readonly registeredMs: number;
  reregisteredMs: number | undefined;
  /** Which of the frameworks' tasks are here: task ids by framework id. The tasks stand with their frameworks. */
  readonly taskIds: Map<string, Set<string>>;
  /** Running executors other than those of command tasks: by framework id, then by executor id. */
  readonly executors: Map<string, Map<string, ExecutorInfo>>;
  /** Reservation and volume changes whose outcome is not acknowledged, by their 36-character uuid. */
  readonly operations: Map<string, Operation>;
  readonly offerIds: Set<string>;
  /** When its machine's maintenance is scheduled. */
  unavailability: Unavailability | undefined;
  readonly inverseOfferIds: Set<string>;
  /** What frameworks said last to inverse offers about this unavailability, by their ids. */
  readonly inverseAnswers: Map<string, InverseOfferStatus>;
  /** Kills that it was not there to hear: policies by framework id and task id. */
  readonly pendingKills: Map<string, Map<string, KillPolicy | undefined>>;
  /** Pings in a row that it did not answer. */
  missedPings: number;
  /** How often it was touched: reads keep what they made of it for as long as it is the same. */
  changes: number;
}

/** What the registry remembers of an agent that was admitted (mesos.md 4.5). */
export interface AdmittedAgent {
  info: AgentInfo;
  isDeactivated: boolean;
  drain?: DrainInfo;
  drainStartedMs?: number;
}

export interface UnreachableAgent extends AdmittedAgent {
  unreachableMs: number;
}

export interface GoneAgent {
  goneMs: number;
}

/** An offer on its way; its resources have `allocation_info` and the stack format of reservations. */
export interface OfferRecord {
  readonly id: string;
  readonly frameworkId: string;
  readonly agentId: string;
  readonly role: string;
  readonly resources: readonly Resource[];
  readonly offeredMs: number;
}

/** A framework is asked to do without an agent. */
export interface InverseOfferRecord {
  readonly id: string;
  readonly frameworkId: string;
  readonly agentId: string;
  readonly unavailability: Unavailability;
}

/** Agents by what else they are known by than their id. */
export interface AgentIndex {
  readonly byStream: Map<string, Agent>;
  /** As `ip:port`; of several the one that registered last. */
  readonly byAddress: Map<string, Agent>;
}

/** Everything the master knows. Changed by turns only; whoever else holds it may read. */
export interface MasterState {
  readonly masterId: string;
  readonly info: MasterInfo;
  readonly startedMs: number;
  readonly frameworks: Map<string, Framework>;
  /** By id, the oldest first. Bounded. */
  readonly completedFrameworks: Map<string, CompletedFramework>;
  /** Registered, connected or not. */
  readonly agents: Map<string, Agent>;
  /** The same agents as they are found, see agent-index.ts. */
  readonly agentIndex: AgentIndex;
  /** Admitted by an earlier life of this master and not back yet. */
  readonly recoveredAgents: Map<string, AdmittedAgent>;
  readonly unreachableAgents: Map<string, UnreachableAgent>;
  readonly goneAgents: Map<string, GoneAgent>;
  /** Waiting to be given up, with what will be said of them, the first one first; when the last one was. */
  readonly agentsToGiveUp: { readonly waiting: Map<string, string>; lastMs: number | undefined };
  readonly preemption: PreemptionState;
  readonly offers: Map<string, OfferRecord>;
  readonly inverseOffers: Map<string, InverseOfferRecord>;
  maintenance: Maintenance;
  /** By role; only those that differ from the default. */
  readonly quotas: Map<string, QuotaConfig>;
  /** By role; only those that differ from 1. */
  readonly weights: Map<string, number>;
  /** What happened since the start, by the metric's name, such as `master/tasks_finished`; absent is 0. */
  readonly counters: Map<string, number>;
  /** The same of each framework, by its id and a name such as `calls/accept`. */
  readonly frameworkCounters: Map<string, Map<string, number>>;
  next: { framework: number; agent: number; offer: number };
}

export const isConnected = ({ streamId }: Pick<Agent, 'streamId'>): boolean => streamId !== undefined;

/** Whether the agent's resources may be offered. */
export const isActive = (agent: Pick<Agent, 'streamId' | 'isDeactivated'>): boolean =>
  isConnected(agent) && !agent.isDeactivated;

/** To be called with every change of an agent, and of what is held there: tasks that begin or end, executors, offers. */
export const touch = (agent: Agent | undefined): void => {
  if (agent) agent.changes++;
};

/** The tasks of all frameworks on an agent. */
export function* tasksOn(state: MasterState, agent: Agent): Generator<Task> {
  for (const [frameworkId, ids] of agent.taskIds) {
    const tasks = state.frameworks.get(frameworkId)?.tasks;
    for (const id of ids) {
      const task = tasks?.get(id);
      if (task) yield task;
    }
  }
}
