import type { LineInput } from '../../sdk/line-input.ts';
import type { SchedulerCall } from '../../sdk/scheduler-connection.ts';
import type { TimerEffect } from '../../store/turn-runner.ts';
import type { JobDefinition, RunOverride, Schedule } from '../definitions/job.ts';

/** A schedule is due, a run waits for something, tasks are asked about again, offers are returned, a kill is repeated. */
export type JobsTimer = 'schedules' | 'runs' | 'reconcile' | 'return-offers' | `kill ${string}`;

/** What clients ask for. */
export type JobChange =
  | { readonly type: 'add-job'; readonly job: JobDefinition; readonly schedules: readonly Schedule[] }
  /** Schedules stay as they are unless some are given. */
  | { readonly type: 'update-job'; readonly job: JobDefinition; readonly schedules?: readonly Schedule[] }
  | { readonly type: 'remove-job'; readonly jobId: string; readonly stopsRuns: boolean }
  | { readonly type: 'add-schedule'; readonly jobId: string; readonly schedule: Schedule }
  | { readonly type: 'update-schedule'; readonly jobId: string; readonly schedule: Schedule }
  | { readonly type: 'remove-schedule'; readonly jobId: string; readonly scheduleId: string }
  | { readonly type: 'start-run'; readonly jobId: string; readonly override: RunOverride }
  | { readonly type: 'stop-run'; readonly jobId: string; readonly runId: string };

/** What happens to the job service. */
export type JobsInput =
  | { readonly type: 'request'; readonly requestId: number; readonly change: JobChange }
  | LineInput
  | { readonly type: 'disconnected' }
  /** The master knows the framework no longer, and has ended its tasks. */
  | { readonly type: 'removed' }
  /** A call did not reach the master, or was refused. */
  | { readonly type: 'call-failed'; readonly call: SchedulerCall }
  | { readonly type: 'timer'; readonly timer: JobsTimer };

/** What a request is answered with once what it changed is durable: for `start-run` the id of the run. */
export type Answer =
  | { readonly type: 'done'; readonly runId?: string }
  | { readonly type: 'refused'; readonly error: unknown };

/** What the job service wants done. */
export type JobsEffect =
  | { readonly type: 'call'; readonly call: SchedulerCall }
  | { readonly type: 'answer'; readonly requestId: number; readonly answer: Answer }
  | TimerEffect<JobsTimer>;
