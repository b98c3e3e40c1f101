import { type Api, send, sendForJson } from './call.ts';
import type { Connection } from './connection.ts';
import { readMarathonError } from './marathon-wire.ts';

/** A run that is under way (cli.md 9). Objects hold more fields than are named here, and are passed on whole. */
export interface JobRun {
  readonly id: string;
  readonly jobId: string;
  readonly status: string;
  readonly createdAt: string;
  readonly tasks?: readonly { readonly id: string; readonly status?: string; readonly message?: string }[];
}

export interface FinishedJobRun {
  readonly id: string;
  readonly createdAt: string;
  readonly finishedAt: string;
}

export interface JobHistorySummary {
  readonly successCount: number;
  readonly failureCount: number;
  readonly lastSuccessAt?: string | null;
  readonly lastFailureAt?: string | null;
}

export interface JobHistory extends JobHistorySummary {
  readonly successfulFinishedRuns: readonly FinishedJobRun[];
  readonly failedFinishedRuns: readonly FinishedJobRun[];
}

export interface JobSchedule {
  readonly id: string;
  readonly cron: string;
  readonly enabled?: boolean;
  readonly nextRunAt?: string;
  readonly concurrencyPolicy?: string;
}

export interface Job {
  readonly id: string;
  readonly description?: string;
  readonly activeRuns?: readonly JobRun[] | null;
  readonly schedules?: readonly JobSchedule[];
  readonly historySummary?: JobHistorySummary;
  readonly history?: JobHistory;
}

export interface QueuedJob {
  readonly jobId: string;
  readonly runs: readonly { readonly runId: string }[];
}

export type JobEmbed = 'activeRuns' | 'schedules' | 'history' | 'historySummary';

/** Metronome's API (cli.md 9). Every call throws ApiError. */
export interface JobsClient {
  getJobs(embed?: readonly JobEmbed[]): Promise<Job[]>;
  getJob(id: string, embed?: readonly JobEmbed[]): Promise<Job>;
  createJob(job: object): Promise<Job>;
  updateJob(id: string, job: object): Promise<Job>;
  deleteJob(id: string, options?: { readonly stopsRuns?: boolean }): Promise<void>;
  getRuns(jobId: string): Promise<JobRun[]>;
  getRun(jobId: string, runId: string): Promise<JobRun>;
  startRun(jobId: string): Promise<JobRun>;
  stopRun(jobId: string, runId: string): Promise<void>;
  getSchedules(jobId: string): Promise<JobSchedule[]>;
  createSchedule(jobId: string, schedule: object): Promise<JobSchedule>;
  updateSchedule(jobId: string, scheduleId: string, schedule: object): Promise<JobSchedule>;
  deleteSchedule(jobId: string, scheduleId: string): Promise<void>;
  getQueue(): Promise<QueuedJob[]>;
}

const API: Api = { name: 'The job service', readError: readMarathonError };
const HEADERS = { 'Content-Type': 'application/json' };

export const createJobsClient = (connection: Connection): JobsClient => {
  const job = (id: string): string => `/v1/jobs/${encodeURIComponent(id)}`;
  const run = (jobId: string, runId: string): string => `${job(jobId)}/runs/${encodeURIComponent(runId)}`;
  const schedule = (jobId: string, id: string): string => `${job(jobId)}/schedules/${encodeURIComponent(id)}`;
  const get = <T extends object>(path: string, embed: readonly JobEmbed[] = []): Promise<T> =>
    sendForJson(API, connection, { path, query: { embed } });
  const change = <T extends object>(method: string, path: string, body?: object): Promise<T> =>
    sendForJson(API, connection, {
      method,
      path,
      headers: HEADERS,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const drop = async (path: string, query = {}): Promise<void> => {
    await send(API, connection, { method: 'DELETE', path, query });
  };

  return {
    getJobs: (embed) => get('/v1/jobs', embed),
    getJob: (id, embed) => get(job(id), embed),
    createJob: (document) => change('POST', '/v1/jobs', document),
    updateJob: (id, document) => change('PUT', job(id), document),
    deleteJob: (id, { stopsRuns } = {}) => drop(job(id), stopsRuns ? { stopCurrentJobRuns: true } : {}),
    getRuns: (jobId) => get(`${job(jobId)}/runs`),
    getRun: (jobId, runId) => get(run(jobId, runId)),
    startRun: (jobId) => change('POST', `${job(jobId)}/runs`),
    stopRun: async (jobId, runId) => {
      await send(API, connection, {
        method: 'POST',
        path: `${run(jobId, runId)}/actions/stop`,
        headers: HEADERS,
      });
    },
    getSchedules: (jobId) => get(`${job(jobId)}/schedules`),
    createSchedule: (jobId, document) => change('POST', `${job(jobId)}/schedules`, document),
    updateSchedule: (jobId, id, document) => change('PUT', schedule(jobId, id), document),
    deleteSchedule: (jobId, id) => drop(schedule(jobId, id)),
    getQueue: () => get('/v1/queue'),
  };
};
