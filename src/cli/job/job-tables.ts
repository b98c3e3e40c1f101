import type {
  FinishedJobRun,
  Job,
  JobHistorySummary,
  JobRun,
  JobSchedule,
} from '../../clients/jobs-client.ts';
import type { Column } from '../output/table.ts';

/** Whether a job runs, or would by itself. */
const statusOf = ({ activeRuns, schedules = [] }: Job): string => {
  if (activeRuns && activeRuns.length > 0) return 'Running';
  return schedules.length > 0 ? 'Scheduled' : 'Unscheduled';
};

const lastRunOf = ({ lastSuccessAt, lastFailureAt }: Partial<JobHistorySummary> = {}): string => {
  if (!lastSuccessAt && !lastFailureAt) return 'N/A';
  // Both are of one form, so that the later one is the greater text.
  return (lastSuccessAt ?? '') > (lastFailureAt ?? '') ? 'Success' : 'Failure';
};

export const JOB_COLUMNS: readonly Column<Job>[] = [
  { heading: 'ID', value: ({ id }) => id },
  {
    heading: 'STATUS',
    value: statusOf,
    style: (job, paint) => (statusOf(job) === 'Running' ? paint.good : (text) => text),
  },
  {
    heading: 'LAST RUN',
    value: ({ historySummary }) => lastRunOf(historySummary),
    style: (job, paint) => (lastRunOf(job.historySummary) === 'Failure' ? paint.bad : (text) => text),
  },
];

export const RUN_COLUMNS: readonly Column<JobRun>[] = [
  { heading: 'TASK ID', value: ({ id }) => id },
  { heading: 'JOB ID', value: ({ jobId }) => jobId },
  { heading: 'STARTED AT', value: ({ createdAt }) => createdAt },
];

export const FINISHED_COLUMNS: readonly Column<FinishedJobRun>[] = [
  { heading: 'RUN ID', value: ({ id }) => id },
  { heading: 'STARTED', value: ({ createdAt }) => createdAt },
  { heading: 'FINISHED', value: ({ finishedAt }) => finishedAt },
];

export const QUEUE_COLUMNS: readonly Column<{ jobId: string; runId: string }>[] = [
  { heading: 'JOB ID', value: ({ jobId }) => jobId },
  { heading: 'RUN ID', value: ({ runId }) => runId },
];

export const SCHEDULE_COLUMNS: readonly Column<JobSchedule>[] = [
  { heading: 'ID', value: ({ id }) => id },
  { heading: 'CRON', value: ({ cron }) => cron },
  { heading: 'ENABLED', value: ({ enabled = true }) => (enabled ? 'True' : 'False') },
  { heading: 'NEXT RUN', value: ({ nextRunAt }) => nextRunAt || 'N/A' },
  { heading: 'CONCURRENCY POLICY', value: ({ concurrencyPolicy }) => concurrencyPolicy },
];
