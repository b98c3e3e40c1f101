import type { Offer } from '../mesos/generated/mesos.ts';
import type { EngineEvent } from './core/event.ts';
import type { HealthResult } from './core/health-result.ts';
import type { Instance } from './core/instance.ts';
import type { PodView } from './core/pods/pod-view.ts';
import type { RejectReason } from './core/reject-reason.ts';
import type { AppDefinition } from './definitions/app.ts';
import type { PodDefinition } from './definitions/pods/pod.ts';
import type { RunSpec } from './definitions/run-spec.ts';
import type { RootGroup } from './groups/root-group.ts';

/**
 * What Marathon's HTTP API asks of the engine. Reads are synchronous and show what the engine has decided, which may be
 * some milliseconds ahead of what is durable; promises resolve once the change is durable.
 */
export interface MarathonEngine {
  /** Immutable; replaced as a whole by each accepted update. */
  readonly root: RootGroup;
  readonly facts: EngineFacts;

  /**
   * Changes the root group and starts the deployment that gets there. Rejects with AppLocked, TooManyDeployments,
   * UnsupportedApp, or with whatever `change` throws; then nothing has changed.
   */
  updateRoot(update: RootUpdate): Promise<DeploymentPlan>;
  /** The plan that an update would have; nothing is changed. */
  previewUpdate(update: RootUpdate): DeploymentPlan;

  /** Versions that are kept of an app (at most 50), oldest first. */
  appVersions(appId: string): readonly string[];
  appAt(appId: string, version: string): AppDefinition | undefined;
  podAt(podId: string, version: string): PodDefinition | undefined;
  /** Versions that are kept of the root group (at most 50), oldest first. */
  rootVersions(): readonly string[];
  rootAt(version: string): RootGroup | undefined;

  /** All instances of an app, those without a task included. */
  instances(appId: string): readonly InstanceView[];
  /** The one that has, or had last, this task, or that has this instance id. */
  findInstance(taskOrInstanceId: string): InstanceView | undefined;
  counts(appId: string): TaskCounts;
  lastTaskFailure(appId: string): TaskFailure | undefined;
  /** A pod with its instances, while there is anything of it. */
  podView(podId: string): PodView | undefined;

  /**
   * Ends the tasks of instances that keep being wanted: they are launched again, or replaced by new ones when `wipe` is
   * set. Ids that are unknown are passed over. Resolves with the instances as they were.
   */
  killInstances(kill: { instanceIds: readonly string[]; wipe: boolean }): Promise<readonly InstanceView[]>;

  /** In the order of their start. */
  deployments(): readonly DeploymentView[];
  /** How a deployment ended; undefined when that was too long ago (200 deployments), or it is unknown, or under way. */
  endedDeployment(id: string): EndedDeployment | undefined;
  /** The latest 200 that ended, oldest first. */
  endedDeployments(): readonly EndedDeployment[];
  /**
   * With force the deployment is dropped and everything stays as it is (undefined); without, a new one undoes what it
   * changed. Rejects with UnknownDeployment.
   */
  cancelDeployment(
    cancel: { id: string; force: boolean } & Pick<RootUpdate, 'deadline'>,
  ): Promise<DeploymentPlan | undefined>;

  /**
   * Ends the pauses of a canary or blue-green upgrade (with `all` the later ones too); the answer is the ids of what goes on.
   * Rejects with UnknownDeployment, and with NotPaused, also when the new instances are not healthy and nothing is forced.
   */
  continueDeployment(continuation: { id: string; all: boolean; force: boolean }): Promise<readonly string[]>;

  /** The change that would undo what a deployment under way has changed. Throws UnknownDeployment. */
  undoing(id: string): RootUpdate['change'];

  queue(): readonly QueueItem[];
  /** Ends an app's back-off; false when nothing of it is queued. */
  resetDelay(appId: string): Promise<boolean>;

  /** Calls the listener after each thing that happened is durable. Returns what ends the subscription. */
  subscribe(listener: (event: EngineEvent) => void): () => void;
}

export interface EngineFacts {
  readonly version: string;
  readonly url: string;
  /** host:port */
  readonly leader: string;
  /** Subscribed to the master, at least once in this life. */
  readonly isElected: boolean;
  readonly isConnected: boolean;
  readonly frameworkId: string | undefined;
  readonly frameworkName: string;
  readonly masterUrls: readonly string[];
  readonly mesosRole: string;
  readonly principal: string | undefined;
  readonly failoverTimeoutSeconds: number;
}

export interface RootUpdate {
  /** Conflicting deployments are cancelled instead of this update being refused. */
  force: boolean;
  /**
   * Gives the new root group. `version` is the new version of the root (it is later than any before); the engine calls
   * stampVersions on the result. May throw: the promise then rejects with what it threw.
   */
  change: (root: RootGroup, version: string) => RootGroup;
  /** Apps of which only labels change go on as they are; instances that are launched later have the new labels. */
  keepsOnLabels?: boolean;
  /**
   * The deployment fails when it makes no progress for so long, and then may undo what it changed. Nothing said: as the
   * settings have it; null: it may wait for ever.
   */
  deadline?: { readonly limitMs: number; readonly rollsBack: boolean } | null;
  /** The deployment that this undoes, and how that ends with it. */
  undoes?: { readonly id: string } & Pick<EarlyEnd, 'outcome' | 'reason'>;
  /** Instances to be ended first when an app has to lose some, by app id. */
  toKill?: ReadonlyMap<string, readonly string[]>;
}

/** What is done with a run spec. */
export type DeploymentVerb = 'Start' | 'Stop' | 'Scale' | 'Restart';

export type DeploymentAction =
  | { readonly action: `${DeploymentVerb}Application`; readonly app: string }
  | { readonly action: `${DeploymentVerb}Pod`; readonly pod: string };

/** The app or the pod that an action is about. */
export const targetOf = (action: DeploymentAction): string => ('app' in action ? action.app : action.pod);

export interface DeploymentStep {
  readonly actions: readonly DeploymentAction[];
}

export interface DeploymentPlan {
  readonly id: string;
  /** Version of the root group that it leads to. */
  readonly version: string;
  readonly steps: readonly DeploymentStep[];
}

export interface DeploymentView extends DeploymentPlan {
  readonly affectedApps: readonly string[];
  readonly affectedPods: readonly string[];
  /** From 1 on; 0 before the first step. */
  readonly currentStep: number;
  readonly currentActions: readonly (DeploymentAction & {
    readonly readinessCheckResults: readonly ReadinessResult[];
  })[];
  /** Canary and blue-green upgrades that are not at their last part yet. */
  readonly stages: readonly StageView[];
  /** It fails at `dueAtMs` unless it gets on; never (Infinity) while it waits for somebody to have it continue. */
  readonly deadline?: { readonly limitMs: number; readonly rollsBack: boolean; readonly dueAtMs: number };
}

export interface StageView {
  readonly specId: string;
  /** From 1 on. */
  readonly step: number;
  readonly totalSteps: number;
  /** New instances that there are to be in it, and that are healthy and ready. */
  readonly target: number;
  readonly ready: number;
  readonly pausedSinceMs?: number;
  /** Undefined while it is paused: until somebody has it continue. */
  readonly pausedUntilMs?: number;
}

/** How a deployment ended that did not get to its end. */
export interface EarlyEnd {
  /**
   * `failed` at its deadline, `rolled-back` because somebody asked for it, `cancelled` as it stood, `superseded` by
   * another one that was forced.
   */
  readonly outcome: 'failed' | 'rolled-back' | 'cancelled' | 'superseded';
  readonly reason: string;
  /** The deployment that undoes it. */
  readonly rollbackId?: string;
  /** The deployment that took its place. */
  readonly replacedBy?: string;
}

export type DeploymentOutcome = { readonly outcome: 'succeeded' } | EarlyEnd;

/** What is remembered of a deployment that is over. */
export type EndedDeployment = DeploymentOutcome & {
  readonly id: string;
  readonly version: string;
  /** The first hundred. */
  readonly affectedApps: readonly string[];
  readonly affectedPods: readonly string[];
  readonly endedAtMs: number;
};

export interface ReadinessResult {
  readonly name: string;
  readonly taskId: string;
  readonly ready: boolean;
  readonly lastResponse?: { status: number; contentType: string; body: string };
}

export interface InstanceView extends Instance {
  /** One per check of the definition that has had a result. */
  readonly healthResults: readonly HealthResult[];
}

export interface TaskCounts {
  readonly tasksStaged: number;
  readonly tasksRunning: number;
  readonly tasksHealthy: number;
  readonly tasksUnhealthy: number;
}

export interface TaskFailure {
  readonly appId: string;
  readonly host: string;
  readonly agentId: string | undefined;
  readonly message: string;
  /** Such as TASK_FAILED. */
  readonly state: string;
  readonly taskId: string;
  readonly timestampMs: number;
  readonly version: string;
}

/** An app that has instances waiting to be launched (marathon.md 1.11). */
export interface QueueItem {
  readonly spec: RunSpec;
  readonly role: string;
  readonly count: number;
  readonly sinceMs: number;
  /** What is left of the back-off; 0 when it only waits for an offer. */
  readonly delayLeftMs: number;
  readonly offers: OfferSummary;
}

export interface OfferSummary {
  readonly processedCount: number;
  readonly unusedCount: number;
  readonly lastUnusedAtMs?: number;
  readonly lastUsedAtMs?: number;
  /** Over the last offer of each agent, in the order of the funnel. */
  readonly lastOffers: readonly FunnelRow[];
  /** Over all offers since the app was queued. */
  readonly launchAttempt: readonly FunnelRow[];
  /** The last offer of each agent (the latest 100) that was of no use. */
  readonly lastUnused: readonly UnusedOffer[];
}

export interface FunnelRow {
  readonly reason: RejectReason;
  readonly declined: number;
  readonly processed: number;
}

export interface UnusedOffer {
  readonly offer: Offer;
  readonly atMs: number;
  readonly rejections: readonly Rejection[];
}

export interface Rejection {
  readonly reason: RejectReason;
  /** For people: `needs 4 cpus, 1.5 are offered`. */
  readonly detail: string;
}

/** The update touches apps that other deployments are changing. */
export class AppLocked extends Error {
  override readonly name = 'AppLocked';
  readonly deploymentIds: readonly string[];

  constructor(deploymentIds: readonly string[]) {
    super(`App is locked by one or more deployments: ${deploymentIds.join(', ')}`);
    this.deploymentIds = deploymentIds;
  }
}

export class TooManyDeployments extends Error {
  override readonly name = 'TooManyDeployments';

  constructor(limit: number) {
    super(
      `Max number (${limit}) of running deployments is achieved. Wait for one of them to end, or cancel one with force=true.`,
    );
  }
}

export class UnknownDeployment extends Error {
  override readonly name = 'UnknownDeployment';

  constructor(id: string) {
    super(`DeploymentPlan ${id} does not exist`);
  }
}

/** A deployment cannot be continued. */
export class NotPaused extends Error {
  override readonly name = 'NotPaused';
}

/** The definition is valid, but asks for what this engine cannot do. */
export class UnsupportedApp extends Error {
  override readonly name = 'UnsupportedApp';
  readonly appId: string;
  /** Where in the definition, such as /container/volumes. */
  readonly path: string;

  constructor({ appId, path, message }: { appId: string; path: string; message: string }) {
    super(message);
    this.appId = appId;
    this.path = path;
  }
}
