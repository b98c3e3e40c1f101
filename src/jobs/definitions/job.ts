import type { Job as JobDocument } from '../../../schemas/generated/job.ts';

type RunDocument = JobDocument['run'];
export type EnvironmentValue = string | { readonly secret: string };

export interface PlacementConstraint {
  readonly attribute: string;
  readonly operator: 'IS' | 'LIKE' | 'UNLIKE';
  readonly value: string;
}

/** What is run, complete: everything that has a default is there. Amounts are CPUs and MiB, times seconds. */
export type RunDefinition = Readonly<
  Omit<RunDocument, 'placement' | 'restart' | 'env'> &
    Required<Pick<RunDocument, 'artifacts' | 'gpus' | 'maxLaunchDelay' | 'volumes' | 'secrets'>>
> & {
  readonly env: Readonly<Record<string, EnvironmentValue>>;
  readonly placement: { readonly constraints: readonly PlacementConstraint[] };
  readonly restart: { readonly policy: 'NEVER' | 'ON_FAILURE'; readonly activeDeadlineSeconds?: number };
};

/** When a job is run, complete. */
export interface Schedule {
  readonly id: string;
  /** Five fields, as in crontab. */
  readonly cron: string;
  /** A name of the IANA's time zones. */
  readonly timeZone: string;
  readonly startingDeadlineSeconds: number;
  readonly concurrencyPolicy: 'ALLOW' | 'FORBID';
  readonly enabled: boolean;
}

/** A job, complete. Its schedules are kept beside it. */
export interface JobDefinition {
  readonly id: string;
  readonly description: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly dependencies: readonly { readonly id: string }[];
  readonly run: RunDefinition;
}

/** What a single run has else than its job. */
export interface RunOverride {
  readonly env?: Readonly<Record<string, EnvironmentValue>>;
  readonly placement?: { readonly constraints: readonly PlacementConstraint[] };
}
