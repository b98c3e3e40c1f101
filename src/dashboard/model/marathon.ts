import type { App } from './services.ts';

/** What Marathon's API answers (marathon.md 1), as far as the dashboard shows it. */

export interface AppTask {
  readonly id: string;
  readonly host?: string;
  readonly slaveId?: string;
  readonly state?: string;
  readonly startedAt?: string;
  readonly version?: string;
  readonly ports?: readonly number[];
  readonly healthCheckResults?: readonly { readonly alive: boolean; readonly lastFailureCause?: string }[];
  readonly localVolumes?: readonly { readonly containerPath: string; readonly persistenceId: string }[];
}

export interface AppDetail extends App {
  readonly version: string;
  readonly cmd?: string;
  readonly args?: readonly string[];
  readonly role?: string;
  readonly gpus?: number;
  readonly container?: { readonly docker?: { readonly image?: string } };
  readonly healthChecks?: readonly object[];
  readonly constraints?: readonly (readonly string[])[];
  readonly tasksHealthy?: number;
  readonly tasks?: readonly AppTask[];
  readonly lastTaskFailure?: {
    readonly message?: string;
    readonly state?: string;
    readonly taskId?: string;
    readonly host?: string;
    readonly timestamp?: string;
  };
}

/** How far a canary or blue-green upgrade is. */
export interface RolloutStage {
  /** The app's or pod's. */
  readonly id: string;
  readonly step: number;
  readonly totalSteps: number;
  /** New instances that the stage is for, and how many of them are ready. */
  readonly target: number;
  readonly ready: number;
  readonly paused?: { readonly since: string; readonly until?: string };
}

export interface Deployment {
  readonly id: string;
  readonly version: string;
  readonly affectedApps: readonly string[];
  readonly affectedPods?: readonly string[];
  readonly currentActions: readonly {
    readonly action: string;
    readonly app?: string;
    readonly pod?: string;
  }[];
  readonly currentStep: number;
  readonly totalSteps: number;
  readonly rollouts?: readonly RolloutStage[];
  /** It fails at that time unless it gets on; without one while it waits for somebody. */
  readonly deadline?: { readonly seconds: number; readonly onDeadline: string; readonly at?: string };
  /** What holds it up, in sentences. */
  readonly why?: readonly string[];
}

export interface EndedDeployment {
  readonly id: string;
  readonly affectedApps: readonly string[];
  readonly affectedPods?: readonly string[];
  readonly outcome: string;
  readonly reason?: string;
  readonly rollbackId?: string;
  readonly replacedBy?: string;
  readonly endedAt: string;
}

interface Rejects {
  readonly reason: string;
  readonly declined: number;
  readonly processed: number;
}

/** What waits to be launched, and why offers were of no use. */
export interface QueueItem {
  readonly count: number;
  readonly app?: { readonly id: string };
  readonly pod?: { readonly id: string };
  readonly delay?: { readonly timeLeftSeconds: number; readonly overdue: boolean };
  readonly since?: string;
  readonly processedOffersSummary?: { readonly rejectSummaryLastOffers?: readonly Rejects[] };
  readonly why?: readonly string[];
}

/** What a change would do. */
export interface DefinitionPreview {
  readonly steps: readonly { readonly actions: readonly { action: string; app?: string; pod?: string }[] }[];
  readonly diff: readonly DefinitionDiff[];
  /** Deployments that hold what would be changed. */
  readonly lockedBy?: readonly string[];
}

export interface DefinitionDiff {
  readonly id: string;
  readonly kind: 'create' | 'update' | 'delete';
  readonly changes: readonly ValueChange[];
}

/** One difference of two documents; what is missing was not there, or is not there any more. */
export interface ValueChange {
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** All that a deployment is about. */
export const targetsOf = ({
  affectedApps,
  affectedPods = [],
}: Pick<Deployment, 'affectedApps' | 'affectedPods'>): readonly string[] => [
  ...affectedApps,
  ...affectedPods,
];
