import { liveTask } from '../core/run-tasks.ts';
import type { FinishedRun, History, JobRecord, KnownSchedule, Run, RunTask } from '../core/state.ts';
import type { JobDefinition } from '../definitions/job.ts';
import type { JobsEngine } from '../engine.ts';

/** What the API shows, in Metronome's form (cli.md 9): times end with +0000, what is not known yet is null. */

export type Embed = 'activeRuns' | 'schedules' | 'history' | 'historySummary';

const timeText = (ms: number): string => new Date(ms).toISOString().replace('Z', '+0000');
const timeOrNull = (ms: number | undefined): string | null => (ms === undefined ? null : timeText(ms));

export const jobJson = (job: JobDefinition): object => ({ ...job });

/** A job with what was asked for beside it. Clients take even an empty list of active runs for one that runs. */
export const jobWithEmbeds = (
  engine: JobsEngine,
  { definition, schedules }: JobRecord,
  embeds: ReadonlySet<Embed>,
): object => {
  const runs = engine.runs(definition.id);
  const history = engine.history(definition.id);
  return {
    ...jobJson(definition),
    ...(embeds.has('activeRuns') && runs.length > 0 ? { activeRuns: runs.map(runJson) } : {}),
    ...(embeds.has('schedules') ? { schedules: schedules.map(scheduleJson) } : {}),
    ...(embeds.has('historySummary') ? { historySummary: summaryJson(history) } : {}),
    ...(embeds.has('history') ? { history: historyJson(history) } : {}),
  };
};

export const scheduleJson = ({ nextRunAtMs, ...schedule }: KnownSchedule): object => ({
  ...schedule,
  ...(nextRunAtMs === undefined ? {} : { nextRunAt: timeText(nextRunAtMs) }),
});

export const runJson = (run: Run): object => ({
  id: run.id,
  jobId: run.jobId,
  status: statusOf(run),
  createdAt: timeText(run.createdAtMs),
  completedAt: null,
  tasks: run.tasks.map(taskJson),
});

/** INITIAL until a task is launched, ACTIVE while one runs. */
const statusOf = (run: Run): string => {
  if (run.tasks.length === 0) return 'INITIAL';
  return liveTask(run)?.state === 'TASK_RUNNING' ? 'ACTIVE' : 'STARTING';
};

const taskJson = ({ id, state, createdAtMs, startedAtMs, completedAtMs, message }: RunTask): object => ({
  id,
  status: state,
  createdAt: timeText(createdAtMs),
  startedAt: timeOrNull(startedAtMs),
  completedAt: timeOrNull(completedAtMs),
  ...(message === undefined ? {} : { message }),
});

const summaryJson = ({ successCount, failureCount, lastSuccessAtMs, lastFailureAtMs }: History): object => ({
  successCount,
  failureCount,
  lastSuccessAt: timeOrNull(lastSuccessAtMs),
  lastFailureAt: timeOrNull(lastFailureAtMs),
});

const historyJson = (history: History): object => ({
  ...summaryJson(history),
  successfulFinishedRuns: history.successes.map(finishedJson),
  failedFinishedRuns: history.failures.map(finishedJson),
});

const finishedJson = ({ id, createdAtMs, finishedAtMs, tasks, message }: FinishedRun): object => ({
  id,
  createdAt: timeText(createdAtMs),
  finishedAt: timeText(finishedAtMs),
  tasks,
  ...(message === undefined ? {} : { message }),
});

/** Runs that wait to be launched, by job. */
export const queueJson = (waiting: readonly Run[]): object[] => {
  const byJob = new Map<string, { runId: string }[]>();
  for (const { id, jobId } of waiting) byJob.set(jobId, [...(byJob.get(jobId) ?? []), { runId: id }]);
  return [...byJob].map(([jobId, runs]) => ({ jobId, runs }));
};
