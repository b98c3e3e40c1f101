import type { Job, JobRun, JobSchedule } from '../model/jobs.ts';
import { ask } from './request.ts';

const JOBS = '/service/metronome/v1/jobs';

export const getJobs = (): Promise<readonly Job[]> =>
  ask(`${JOBS}?embed=activeRuns&embed=schedules&embed=historySummary`);

export const getJob = (id: string): Promise<Job> =>
  ask(`${pathOf(id)}?embed=activeRuns&embed=schedules&embed=history`);

/** A job with the schedules that its document has. */
export const createJob = (job: unknown): Promise<unknown> =>
  ask('/service/metronome/v0/scheduled-jobs', { method: 'POST', body: job });

export const updateJob = (id: string, job: unknown): Promise<unknown> =>
  ask(pathOf(id), { method: 'PUT', body: job });

/** Its runs are stopped. */
export const deleteJob = (id: string): Promise<unknown> =>
  ask(`${pathOf(id)}?stopCurrentJobRuns=true`, { method: 'DELETE' });

export const startRun = (id: string): Promise<JobRun> =>
  ask(`${pathOf(id)}/runs`, { method: 'POST', body: {} });

export const stopRun = (id: string, runId: string): Promise<unknown> =>
  ask(`${pathOf(id)}/runs/${encodeURIComponent(runId)}/actions/stop`, { method: 'POST', body: {} });

export const addSchedule = (id: string, schedule: JobSchedule): Promise<unknown> =>
  ask(`${pathOf(id)}/schedules`, { method: 'POST', body: schedule });

export const updateSchedule = (id: string, { nextRunAt, ...schedule }: JobSchedule): Promise<unknown> =>
  ask(schedulePath(id, schedule.id), { method: 'PUT', body: schedule });

export const deleteSchedule = (id: string, scheduleId: string): Promise<unknown> =>
  ask(schedulePath(id, scheduleId), { method: 'DELETE' });

const pathOf = (id: string): string => `${JOBS}/${encodeURIComponent(id)}`;
const schedulePath = (id: string, scheduleId: string): string =>
  `${pathOf(id)}/schedules/${encodeURIComponent(scheduleId)}`;
