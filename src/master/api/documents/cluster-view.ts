import type { ExecutorInfo, Resource, Task } from '../../../mesos/generated/mesos.ts';
import type {
  AdmittedAgent,
  Agent,
  CompletedFramework,
  Framework,
  InverseOfferRecord,
  OfferRecord,
} from '../../core/state.ts';

/** The master's state as it was at one moment. Nothing in it ever changes: what the core changes, it replaces. */
export interface ClusterView {
  readonly agents: readonly AgentView[];
  /** Of those that are viewed. */
  readonly agentOf: (id: string) => AgentView | undefined;
  readonly recoveredAgents: readonly (readonly [id: string, agent: AdmittedAgent])[];
  readonly unreachableAgents: number;
  readonly frameworks: readonly FrameworkView[];
  readonly completedFrameworks: readonly CompletedFramework[];
}

export interface PlacedExecutor {
  readonly agentId: string;
  readonly frameworkId: string;
  readonly info: ExecutorInfo;
}

/** Merged resources of tasks and executors, by the ids of their frameworks. */
export type UsedBy = ReadonlyMap<string, readonly Resource[]>;

/** An agent with what is held there; nothing is merged but what says so. */
export interface AgentView
  extends Readonly<
    Pick<
      Agent,
      | 'id'
      | 'info'
      | 'address'
      | 'version'
      | 'capabilities'
      | 'streamId'
      | 'isDeactivated'
      | 'drain'
      | 'drainStartedMs'
      | 'total'
      | 'registeredMs'
      | 'reregisteredMs'
      | 'unavailability'
    >
  > {
  readonly usedBy: ReadonlyMap<string, readonly Resource[]>;
  readonly offered: readonly Resource[];
  readonly executors: ReadonlyMap<string, ReadonlyMap<string, ExecutorInfo>>;
  readonly placedExecutors: readonly PlacedExecutor[];
}

/** A framework with what it holds. */
export interface FrameworkView
  extends Readonly<
    Pick<
      Framework,
      | 'id'
      | 'info'
      | 'roles'
      | 'capabilities'
      | 'connection'
      | 'offerConstraints'
      | 'registeredMs'
      | 'reregisteredMs'
    >
  > {
  readonly tasks: readonly Task[];
  readonly unreachableTasks: readonly Task[];
  readonly completedTasks: readonly Task[];
  readonly executors: readonly PlacedExecutor[];
  /** Merged. */
  readonly used: readonly Resource[];
  readonly offers: readonly OfferRecord[];
  readonly inverseOffers: readonly InverseOfferRecord[];
}
