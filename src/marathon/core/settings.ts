/** What the engine is told at its start; the defaults are Marathon's flags (marathon.md 3.24). Times in milliseconds. */
export interface MarathonSettings {
  readonly frameworkName: string;
  /** The role of apps that name none. */
  readonly mesosRole: string;
  /** OS user of tasks that name none. */
  readonly user: string;
  readonly hostname: string;
  readonly webuiUrl: string;
  readonly principal?: string;
  readonly failoverTimeoutSeconds: number;
  /** Revives of a role that are closer together than this are put together. */
  readonly minReviveIntervalMs: number;
  /** A revive is repeated once after this time, should it have been lost. */
  readonly reviveRepeatMs: number;
  readonly declineOfferSeconds: number;
  readonly killRetryMs: number;
  readonly maxKillsInFlight: number;
  readonly maxRunningDeployments: number;
  /** Of deployments for which nothing is said: they fail when they make no progress for so long. 0: they may wait for ever. */
  readonly deploymentDeadlineMs: number;
  /** What comes then: what they changed is undone. */
  readonly rollsBackAtDeadline: boolean;
  readonly maxVersions: number;
  readonly maxLaunchesPerOffer: number;
  readonly reconciliationIntervalMs: number;
  /** A launch without any news is asked about after this time. */
  readonly launchDoubtMs: number;
  /** A launch that has not come to run after this time is ended, and tried again. */
  readonly taskLaunchTimeoutMs: number;
  /** What is reserved has to show up in an offer within this time. */
  readonly taskReservationTimeoutMs: number;
  /** Offers of agents whose maintenance begins within this time are of no use. */
  readonly drainingMs: number;
  /** Whether agents with GPUs are kept for apps that use them; apps may say otherwise by a label. */
  readonly gpuSchedulingBehavior: 'restricted' | 'unrestricted';
  /** What apps may use that do not say: all that is offered, only what is nobody's, or only what is reserved for their role. */
  readonly acceptedRolesDefault: 'any' | 'unreserved' | 'reserved';
  /** What agents call the network of bridge mode. */
  readonly bridgeName: string;
  /** Stands before the names of HOST and of all PORT variables. */
  readonly envVarsPrefix: string;
  /** The framework is offered agents with GPUs. */
  readonly usesGpus: boolean;
  /** Pages of these origins may read the API; `*` stands for all. */
  readonly allowedOrigins: readonly string[];
  /** Whether metrics are served for Prometheus, too. */
  readonly hasPrometheus: boolean;
}

export const DEFAULT_SETTINGS = {
  frameworkName: 'marathon',
  mesosRole: '*',
  failoverTimeoutSeconds: 604_800,
  minReviveIntervalMs: 100,
  reviveRepeatMs: 10_000,
  declineOfferSeconds: 120,
  killRetryMs: 30_000,
  maxKillsInFlight: 100,
  maxRunningDeployments: 100,
  deploymentDeadlineMs: 0,
  rollsBackAtDeadline: false,
  maxVersions: 50,
  maxLaunchesPerOffer: 250,
  reconciliationIntervalMs: 600_000,
  launchDoubtMs: 30_000,
  taskLaunchTimeoutMs: 300_000,
  taskReservationTimeoutMs: 20_000,
  drainingMs: 0,
  gpuSchedulingBehavior: 'restricted',
  acceptedRolesDefault: 'any',
  bridgeName: 'mesos-bridge',
  envVarsPrefix: '',
  usesGpus: false,
  allowedOrigins: [],
  hasPrometheus: false,
} as const satisfies Partial<MarathonSettings>;
