/** How far an uninstallation has come. */
export type UninstallPhase =
  /** The app is being removed from Marathon, and its tasks end. */
  | 'STOPPING_APP'
  /** The framework that the app started is being removed from the master, with all its tasks. */
  | 'TEARING_DOWN'
  /** Persistent volumes are destroyed and reservations given back. */
  | 'FREEING_RESOURCES';

/** One uninstallation; durable, so that it goes on after a restart. */
export interface UninstallRecord {
  readonly id: string;
  readonly packageName: string;
  readonly packageVersion?: string;
  readonly appId: string;
  readonly postUninstallNotes?: string;
  /** Name of the framework that the app starts; without it nothing but the app is removed. */
  readonly frameworkName?: string;
  /** Frameworks of that name that were found, and what they may have left behind. */
  readonly frameworkIds: readonly string[];
  readonly roles: readonly string[];
  readonly principal?: string;
  /** Whether volumes and reservations stay. */
  readonly keepsData?: boolean;
  readonly state: 'UNDER_WAY' | 'DONE' | 'FAILED';
  readonly phase: UninstallPhase;
  /** Why it does not go on, or why it failed. */
  readonly problem?: string;
  /** The name of the API's error for the problem. */
  readonly problemType?: 'MarathonAppDeleteError' | 'MultipleFrameworkIds' | 'IncompleteUninstall';
  /** Milliseconds since the epoch. */
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
}
