/** What the job service answers (cli.md 9), as far as the dashboard shows it. Times are as `Date.parse` takes them. */

export interface JobSchedule {
  readonly id: string;
  readonly cron: string;
  readonly timeZone?: string;
  readonly concurrencyPolicy?: string;
  readonly startingDeadlineSeconds?: number;
  readonly enabled?: boolean;
  readonly nextRunAt?: string;
}

export interface JobRun {
  readonly id: string;
  readonly status: string;
  readonly createdAt: string;
  readonly tasks?: readonly {
    readonly id: string;
    readonly status?: string;
    readonly startedAt?: string | null;
    readonly completedAt?: string | null;
    readonly message?: string;
  }[];
}

export interface FinishedRun {
  readonly id: string;
  readonly createdAt: string;
  readonly finishedAt: string;
  readonly tasks?: readonly string[];
  /** Why it ended so. */
  readonly message?: string;
}

export interface JobHistory {
  readonly successCount: number;
  readonly failureCount: number;
  readonly lastSuccessAt?: string | null;
  readonly lastFailureAt?: string | null;
  readonly successfulFinishedRuns?: readonly FinishedRun[];
  readonly failedFinishedRuns?: readonly FinishedRun[];
}

export interface Job {
  readonly id: string;
  readonly description?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly dependencies?: readonly { readonly id: string }[];
  readonly run?: Readonly<Record<string, unknown>>;
  readonly activeRuns?: readonly JobRun[] | null;
  readonly schedules?: readonly JobSchedule[];
  readonly historySummary?: JobHistory;
  readonly history?: JobHistory;
}

/** A run that is over, with how it ended. */
export interface EndedRun extends FinishedRun {
  readonly isSuccess: boolean;
}

/** How the runs of a job ended, the latest first. */
export const endedRuns = ({ successfulFinishedRuns = [], failedFinishedRuns = [] }: JobHistory): EndedRun[] =>
  [
    ...successfulFinishedRuns.map((run) => ({ ...run, isSuccess: true })),
    ...failedFinishedRuns.map((run) => ({ ...run, isSuccess: false })),
  ].sort((left, right) => Date.parse(right.finishedAt) - Date.parse(left.finishedAt));

/** The soonest time at which one of a job's schedules runs it; undefined when none does. */
export const nextRunAt = ({ schedules = [] }: Pick<Job, 'schedules'>): string | undefined =>
  schedules
    .flatMap(({ enabled = true, nextRunAt: at }) => (enabled && at ? [at] : []))
    .sort((left, right) => Date.parse(left) - Date.parse(right))[0];

/** How the latest run ended: undefined when there was none yet. */
export const lastRun = (history: JobHistory | undefined): { at: string; isSuccess: boolean } | undefined => {
  const success = Date.parse(history?.lastSuccessAt ?? '') || 0;
  const failure = Date.parse(history?.lastFailureAt ?? '') || 0;
  if (success === 0 && failure === 0) return undefined;
  return { at: new Date(Math.max(success, failure)).toISOString(), isSuccess: success >= failure };
};
