/**
 * What Marathon answers with (marathon.md 1.6–1.11), as far as clients look into it. The objects hold more fields than
 * are named here, and are passed on whole, so that what one program shows another can send back.
 */

export interface MarathonHealthResult {
  readonly alive: boolean;
  readonly consecutiveFailures?: number;
  readonly lastFailureCause?: string;
  readonly instanceId?: string;
}

export interface MarathonTask {
  readonly id: string;
  readonly appId: string;
  readonly host?: string;
  readonly slaveId?: string;
  readonly state: string;
  readonly version?: string;
  readonly stagedAt?: string;
  readonly startedAt?: string;
  readonly role?: string;
  readonly ports?: readonly number[];
  readonly healthCheckResults?: readonly MarathonHealthResult[];
}

export interface MarathonTaskFailure {
  readonly appId: string;
  readonly taskId: string;
  readonly state: string;
  readonly message: string;
  readonly host: string;
  readonly timestamp: string;
  readonly version: string;
  readonly slaveId?: string;
}

export interface MarathonApp {
  readonly id: string;
  readonly version?: string;
  readonly instances?: number;
  readonly cpus?: number;
  readonly mem?: number;
  readonly disk?: number;
  readonly cmd?: string | null;
  readonly args?: readonly string[] | null;
  readonly role?: string;
  readonly container?: {
    readonly type?: string;
    readonly docker?: { readonly image?: string };
    readonly volumes?: readonly { readonly persistent?: object }[];
  };
  readonly env?: Readonly<Record<string, unknown>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly constraints?: readonly (readonly string[])[];
  readonly portDefinitions?: readonly { readonly port?: number }[];
  readonly healthChecks?: readonly object[];
  readonly tasksStaged?: number;
  readonly tasksRunning?: number;
  readonly tasksHealthy?: number;
  readonly tasksUnhealthy?: number;
  readonly deployments?: readonly { readonly id: string }[];
  /** Embedded when one app is asked for. */
  readonly tasks?: readonly MarathonTask[];
  readonly lastTaskFailure?: MarathonTaskFailure;
}

/** What of resources a container, or an executor, asks for. */
interface MarathonResources {
  readonly cpus?: number;
  readonly mem?: number;
  readonly disk?: number;
}

export interface MarathonPod {
  readonly id: string;
  readonly version?: string;
  readonly role?: string;
  readonly containers?: readonly { readonly name: string; readonly resources?: MarathonResources }[];
  readonly executorResources?: MarathonResources;
  readonly scaling?: { readonly instances?: number };
  readonly scheduling?: {
    readonly placement?: {
      readonly constraints?: readonly {
        readonly fieldName: string;
        readonly operator: string;
        readonly value?: string;
      }[];
    };
  };
}

/** A pod with what runs of it (marathon.md 1.10). */
export interface MarathonPodStatus {
  readonly id: string;
  readonly spec: MarathonPod;
  readonly status: string;
  readonly statusSince: string;
  readonly instances?: readonly {
    readonly id: string;
    readonly status: string;
    readonly message?: string;
    readonly agentHostname?: string;
    readonly containers?: readonly {
      readonly name: string;
      readonly status: string;
      readonly message?: string;
      readonly conditions?: readonly {
        readonly name: string;
        readonly value: string;
        readonly reason?: string;
      }[];
    }[];
  }[];
  /** How launches of its instances ended, the latest last. */
  readonly terminationHistory?: readonly {
    readonly instanceID: string;
    readonly startedAt: string;
    readonly terminatedAt: string;
    readonly message?: string;
  }[];
}

/** What is answered to a change: the deployment that carries it out. */
export interface MarathonDeploymentResult {
  readonly version: string;
  readonly deploymentId: string;
}

export interface MarathonAction {
  readonly action: string;
  readonly app?: string;
  readonly pod?: string;
}

export interface MarathonDeployment {
  readonly id: string;
  readonly version: string;
  readonly affectedApps: readonly string[];
  readonly affectedPods: readonly string[];
  readonly steps: readonly { readonly actions: readonly MarathonAction[] }[];
  readonly currentActions: readonly MarathonAction[];
  /** Counted from 1; 0 before the first. */
  readonly currentStep: number;
  readonly totalSteps: number;
  /** What holds it, in sentences. Plenum's Marathon says so when one deployment is asked for. */
  readonly why?: readonly string[];
  readonly outcome?: undefined;
  /** Canary and blue-green upgrades that are not at their last part; by Plenum's Marathon alone. */
  readonly rollouts?: readonly MarathonRollout[];
}

export interface MarathonRollout {
  /** Of the app or pod. */
  readonly id: string;
  /** Counted from 1. */
  readonly step: number;
  readonly totalSteps: number;
  /** New instances that there are to be, and that are healthy. */
  readonly target: number;
  readonly ready: number;
  readonly paused?: {
    readonly since: string;
    /** Missing: until it is continued. */
    readonly until?: string;
  };
}

/** How a deployment ended; Plenum's Marathon remembers the latest. */
export interface MarathonEndedDeployment {
  readonly id: string;
  readonly version: string;
  readonly affectedApps: readonly string[];
  readonly affectedPods: readonly string[];
  readonly outcome: 'succeeded' | 'failed' | 'rolled-back' | 'cancelled' | 'superseded';
  readonly reason?: string;
  /** The deployment that undoes it. */
  readonly rollbackId?: string;
  /** The deployment that took its place. */
  readonly replacedBy?: string;
  readonly endedAt: string;
}

/** What a change would do, by Plenum's Marathon alone; others carry it out instead. */
export interface MarathonPreview {
  readonly steps: readonly { readonly actions: readonly MarathonAction[] }[];
  readonly diff: readonly {
    readonly id: string;
    readonly kind: 'create' | 'update' | 'delete';
    /** By JSON pointer; what is missing is not there. */
    readonly changes: readonly {
      readonly path: string;
      readonly before?: unknown;
      readonly after?: unknown;
    }[];
  }[];
  /** Deployments that hold the apps concerned. */
  readonly lockedBy?: readonly string[];
}

/** How many of the offers that were looked at fell away for a reason, in the order of the reasons. */
export interface MarathonRejectCount {
  readonly reason: string;
  readonly declined: number;
  readonly processed: number;
}

export interface MarathonUnusedOffer {
  readonly offer: { readonly id: string; readonly hostname: string; readonly agentId: string };
  readonly reason: readonly string[];
  readonly timestamp: string;
}

/** A run spec with instances to launch. */
export interface MarathonQueueItem {
  readonly app?: MarathonApp;
  readonly pod?: MarathonPod;
  readonly count: number;
  readonly role?: string;
  readonly since?: string;
  readonly delay: { readonly timeLeftSeconds: number; readonly overdue: boolean };
  readonly processedOffersSummary?: {
    readonly processedOffersCount: number;
    readonly unusedOffersCount: number;
    readonly lastUnusedOfferAt?: string;
    readonly lastUsedOfferAt?: string;
    readonly rejectSummaryLastOffers?: readonly MarathonRejectCount[];
    readonly rejectSummaryLaunchAttempt?: readonly MarathonRejectCount[];
  };
  readonly lastUnusedOffers?: readonly MarathonUnusedOffer[];
  /** What holds it, in sentences; by Plenum's Marathon alone. */
  readonly why?: readonly string[];
}

/** One event of /v2/events; further fields by its type (marathon.md 1.13). */
export interface MarathonEvent {
  readonly eventType: string;
  readonly timestamp?: string;
  readonly [field: string]: unknown;
}
