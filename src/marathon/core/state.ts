import type { CallReconcileTask } from '../../mesos/generated/scheduler.ts';
import type { RunSpec } from '../definitions/run-spec.ts';
import type { DeploymentPlan, EndedDeployment, ReadinessResult, TaskFailure } from '../engine.ts';
import type { Group, RootGroup } from '../groups/root-group.ts';
import type { BackOff } from './back-off.ts';
import type { InstanceHealth } from './instance-health.ts';
import type { InstanceIndex } from './instance-index.ts';
import type { PodEnding } from './pods/pod-ending.ts';
import type { QueueEntry } from './queue-entry.ts';
import type { PendingOperation } from './resident/operations.ts';
import type { Release } from './resident/release.ts';
import type { Rollout } from './rollout/rollout.ts';

/** A deployment as it is kept until it ends. */
export interface Deployment {
  readonly plan: DeploymentPlan;
  /** Index of the step that is under way. */
  readonly stepIndex: number;
  /** What it changed, as it was before: null for what did not exist. */
  readonly before: {
    readonly apps: Readonly<Record<string, RunSpec | null>>;
    readonly groups: Readonly<Record<string, Group | null>>;
  };
  /** Instances that are to go first, by app. */
  readonly toKill: Readonly<Record<string, readonly string[]>>;
  /** How far canary and blue-green upgrades are, by app or pod. */
  readonly rollouts?: Readonly<Record<string, Rollout>>;
  /** It fails when it has not got on for so long. */
  readonly deadline?: {
    readonly limitMs: number;
    readonly rollsBack: boolean;
    readonly progressedAtMs: number;
    /** The step, and how far it had got at best, when it last got on. */
    readonly stepIndex: number;
    readonly best: number;
  };
}

/** What a change of the root group replaced, so that the group before it can be put together again. */
export interface RootHistoryEntry {
  /** Of the root group that came of the change. */
  readonly version: string;
  /** Versions of the apps that were changed, as they were before; null for those that did not exist. */
  readonly apps: Readonly<Record<string, string | null>>;
  readonly groups: Readonly<Record<string, Group | null>>;
}

/** A task that the master is being asked to end. */
export interface Kill {
  readonly taskId: string;
  readonly agentId: string | undefined;
  /** When it has to be asked again; undefined while it waits for its turn. */
  retryAtMs?: number;
}

/** The line to the master. Nothing of it is durable but the framework's id. */
export interface MasterState {
  isConnected: boolean;
  wasEverConnected: boolean;
  /** The region of the master: other regions are only for apps that ask for them. */
  region?: string;
  /** Roles that this framework subscribes with, however often it has to. */
  initialRoles: readonly string[];
  /** Roles that the master knows this framework to have. */
  subscribedRoles: readonly string[];
  /** Roles for which the master sends no offers; undefined when it is not known. */
  suppressedRoles: ReadonlySet<string> | undefined;
  lastReviveMs: number;
  /** The last revive was the repetition of one. */
  isRevivedTwice: boolean;
  /** Offers whose acceptance or refusal did not get through. */
  readonly offersToReturn: Set<string>;
  /** Roles that a revive is owed for. */
  readonly rolesToRevive: Set<string>;
  /** Tasks whose state was asked for and not told yet. */
  readonly unanswered: Map<string, CallReconcileTask>;
  reconcileAttempts: number;
  /** It tells how operations end. */
  tellsOperations: boolean;
  /** Operations whose end is not told yet, by id. */
  readonly operations: Map<string, PendingOperation>;
  readonly agentsWithoutFeedback: Set<string>;
}

/**
 * Everything that the engine knows. Durable: framework id, root, versions, rootHistory, instances, releases,
 * deployments, endedDeployments, failures.
 * The rest is found anew after a start: tasks are reconciled, checks run again, back-offs are forgotten.
 */
export interface MarathonState {
  frameworkId: string | undefined;
  root: RootGroup;
  /** Versions that are kept of each app, oldest first. */
  readonly appVersions: Map<string, string[]>;
  /** Apps of which more versions may be kept than should be, because instances ran them when they were to go. */
  readonly overfullApps: Set<string>;
  /** Former definitions that instances still run, by app and version. */
  readonly formerApps: Map<string, Map<string, RunSpec>>;
  /** Oldest first. */
  rootHistory: RootHistoryEntry[];
  readonly instances: InstanceIndex;
  /** What is still reserved for instances that are no more, by their ids. */
  readonly releases: Map<string, Release>;
  /** In the order of their start. */
  readonly deployments: Map<string, Deployment>;
  /** The latest that ended, oldest first. */
  readonly endedDeployments: Map<string, EndedDeployment>;
  readonly failures: Map<string, TaskFailure>;
  /** How instances of pods ended last, by pod, oldest first; durable. */
  readonly podEndings: Map<string, readonly PodEnding[]>;

  readonly backOffs: Map<string, BackOff>;
  /** Apps with instances that wait to be launched. */
  readonly queue: Map<string, QueueEntry>;
  readonly health: Map<string, InstanceHealth>;
  /** What the readiness checks of instances found last. */
  readonly readiness: Map<string, ReadinessResult>;
  readonly kills: Map<string, Kill>;
  /** The deployment that an app is locked by. */
  readonly locks: Map<string, string>;
  /** Apps whose action of the deployment's present step is not done yet. */
  readonly openActions: Map<string, Set<string>>;
  readonly master: MasterState;
  isWatchingLaunches: boolean;
}
