import type { TaskState } from '../../mesos/generated/mesos.ts';
import type { Store } from '../../store/store.ts';
import type { JobDefinition, RunDefinition, Schedule } from '../definitions/job.ts';

/** A schedule, with when it is due next; undefined when it is switched off. */
export interface KnownSchedule extends Schedule {
  readonly nextRunAtMs?: number;
}

export interface JobRecord {
  readonly definition: JobDefinition;
  readonly schedules: readonly KnownSchedule[];
  /** When a run began last because all that it depends on had succeeded. */
  readonly lastTriggeredMs?: number;
}

/** One attempt to carry a run out. */
export interface RunTask {
  readonly id: string;
  readonly agentId: string;
  readonly state: TaskState;
  readonly createdAtMs: number;
  readonly startedAtMs?: number;
  readonly completedAtMs?: number;
  readonly message?: string;
  /** Since when the master cannot reach it. */
  readonly unreachableAtMs?: number;
}

/** A run that is under way. */
export interface Run {
  readonly id: string;
  readonly jobId: string;
  /** What is run: the job as it was when the run began, with what this run has else. */
  readonly definition: RunDefinition;
  readonly labels: Readonly<Record<string, string>>;
  readonly createdAtMs: number;
  /** It has failed if no task of it has been launched by then. */
  readonly launchByMs: number;
  /** Not launched before; later with every failure. */
  readonly notBeforeMs: number;
  readonly failures: number;
  /** Oldest first; the last one is the present one, unless it has ended and another one is to come. */
  readonly tasks: readonly RunTask[];
  /** Somebody wants it to end. */
  readonly isStopping: boolean;
}

export interface FinishedRun {
  readonly id: string;
  readonly createdAtMs: number;
  readonly finishedAtMs: number;
  readonly tasks: readonly string[];
  /** Why it ended so, where that is known. */
  readonly message?: string;
}

/** What became of a job's runs; the lists are bounded, newest first. */
export interface History {
  readonly successCount: number;
  readonly failureCount: number;
  readonly lastSuccessAtMs?: number;
  readonly lastFailureAtMs?: number;
  readonly successes: readonly FinishedRun[];
  readonly failures: readonly FinishedRun[];
}

export const NO_HISTORY: History = { successCount: 0, failureCount: 0, successes: [], failures: [] };

/** Everything that the job service knows. Durable: the framework's id, jobs, histories and runs. */
export interface JobsState {
  frameworkId: string | undefined;
  readonly jobs: Map<string, JobRecord>;
  readonly histories: Map<string, History>;
  /** By id, in the order in which they began. */
  readonly runs: Map<string, Run>;

  isConnected: boolean;
  /** What the master was told of whether offers are wanted. */
  interest: 'unknown' | 'offers' | 'none';
  /** Offers whose acceptance or refusal may not have got through: the master holds them until it has. */
  readonly offersToReturn: Set<string>;
  /** Tasks that the master was asked about and has not answered for. */
  readonly unreconciled: Set<string>;
  reconcileAttempts: number;
}

export const FRAMEWORK_KEY = 'framework';
export const jobKey = (id: string): string => `jobs/${id}`;
export const historyKey = (id: string): string => `history/${id}`;
export const runKey = (id: string): string => `runs/${id}`;

/** What a former life has left. */
export const loadState = (store: Store): JobsState => {
  const read = <Value>(prefix: string): [string, Value][] =>
    [...store.range(prefix)].map(({ key, value }) => [key.slice(prefix.length), value as Value]);
  const runs = read<Run>('runs/').sort(([, one], [, other]) => one.createdAtMs - other.createdAtMs);
  return {
    frameworkId: (store.get(FRAMEWORK_KEY) as { id: string } | undefined)?.id,
    jobs: new Map(read<JobRecord>('jobs/')),
    histories: new Map(read<History>('history/')),
    runs: new Map(runs),
    isConnected: false,
    interest: 'unknown',
    offersToReturn: new Set(),
    unreconciled: new Set(),
    reconcileAttempts: 0,
  };
};
