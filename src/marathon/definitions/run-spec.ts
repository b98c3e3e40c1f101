import type {
  AppDefinition,
  KillSelection,
  Timestamp,
  UnreachableStrategy,
  UpgradeStrategy,
  VersionInfo,
} from './app.ts';
import { isResident } from './app-facts.ts';
import type { Constraint } from './constraint.ts';
import type { RunSpecId } from './path-id.ts';
import type { PodDefinition } from './pods/pod.ts';

/** What apps and pods have in common: all that decides how many instances there are, where, and which (marathon.md 3.1). */
export interface Scheduling {
  readonly id: RunSpecId;
  readonly labels: Readonly<Record<string, string>>;
  readonly instances: number;
  readonly role: string;
  /** Undefined: `*` and its own role. */
  readonly acceptedResourceRoles?: readonly string[];
  readonly constraints: readonly Constraint[];
  readonly backoffSeconds: number;
  readonly backoffFactor: number;
  readonly maxLaunchDelaySeconds: number;
  readonly upgradeStrategy: UpgradeStrategy;
  readonly killSelection: KillSelection;
  readonly unreachableStrategy: UnreachableStrategy;
  readonly version: Timestamp;
  readonly versionInfo: VersionInfo;
}

/** What can be run: an app or a pod, at a version. */
export type RunSpec = AppDefinition | PodDefinition;

export const isPod = (spec: RunSpec): spec is PodDefinition => 'containers' in spec;

/** The definition if it is an app's. */
export const asApp = (spec: RunSpec | undefined): AppDefinition | undefined =>
  spec === undefined || isPod(spec) ? undefined : spec;

/** The definition if it is a pod's. */
export const asPod = (spec: RunSpec | undefined): PodDefinition | undefined =>
  spec !== undefined && isPod(spec) ? spec : undefined;

/** Whether its instances are bound to where their data is. */
export const isBound = (spec: RunSpec): boolean =>
  isPod(spec) ? spec.volumes.some(({ persistent }) => persistent !== undefined) : isResident(spec);
