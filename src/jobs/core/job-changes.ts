import { nextTime } from '../definitions/cron.ts';
import type { JobDefinition, RunOverride, Schedule } from '../definitions/job.ts';
import { beginRun, MOST_RUNS, runsOf } from './begin-run.ts';
import { dependencyCycle } from './dependencies.ts';
import type { JobChange } from './effect.ts';
import { Refusal, unknownJob, unknownRun, unknownSchedule } from './refusal.ts';
import type { JobRecord, KnownSchedule, Run } from './state.ts';
import { stopRun } from './stop-run.ts';
import type { Turn } from './turn.ts';

/** Carries out what a client asks for, or throws a Refusal and changes nothing. The answer to `start-run` is the run's id. */
export const applyChange = (turn: Turn, change: JobChange): string | undefined => {
  switch (change.type) {
    case 'add-job':
      addJob(turn, change.job, change.schedules);
      return undefined;
    case 'update-job':
      updateJob(turn, change.job, change.schedules);
      return undefined;
    case 'remove-job':
      removeJob(turn, change.jobId, change.stopsRuns);
      return undefined;
    case 'add-schedule':
      addSchedule(turn, change.jobId, change.schedule);
      return undefined;
    case 'update-schedule':
      updateSchedule(turn, change.jobId, change.schedule);
      return undefined;
    case 'remove-schedule':
      removeSchedule(turn, change.jobId, change.scheduleId);
      return undefined;
    case 'start-run':
      return startRun(turn, jobOf(turn, change.jobId), change.override).id;
    case 'stop-run': {
      jobOf(turn, change.jobId);
      const run = turn.state.runs.get(change.runId);
      if (run?.jobId !== change.jobId) throw unknownRun(change.runId);
      stopRun(turn, run);
      return undefined;
    }
  }
};

const jobOf = (turn: Turn, id: string): JobRecord => {
  const job = turn.state.jobs.get(id);
  if (job === undefined) throw unknownJob(id);
  return job;
};

const startRun = (turn: Turn, { definition }: JobRecord, override: RunOverride): Run => {
  if (runsOf(turn.state, definition.id).length >= MOST_RUNS) {
    throw new Refusal(
      409,
      `Job '${definition.id}' has ${MOST_RUNS} runs under way, which is the most: stop some`,
    );
  }
  return beginRun(turn, definition, override);
};

const addJob = (turn: Turn, job: JobDefinition, schedules: readonly Schedule[]): void => {
  if (turn.state.jobs.has(job.id)) throw new Refusal(409, 'Job with this id already exists');
  refuseBadDependencies(turn, job);
  turn.setJob(job.id, { definition: job, schedules: schedules.map((schedule) => timed(turn, schedule)) });
};

const updateJob = (turn: Turn, job: JobDefinition, schedules: readonly Schedule[] | undefined): void => {
  const record = jobOf(turn, job.id);
  refuseBadDependencies(turn, job);
  turn.setJob(job.id, {
    ...record,
    definition: job,
    ...(schedules ? { schedules: schedules.map((schedule) => timed(turn, schedule)) } : {}),
  });
};

const refuseBadDependencies = ({ state }: Turn, job: JobDefinition): void => {
  const unknown = job.dependencies.filter(({ id }) => !state.jobs.has(id)).map(({ id }) => `'${id}'`);
  if (unknown.length > 0) {
    throw new Refusal(422, `Job '${job.id}' depends on what does not exist: ${unknown.join(', ')}`);
  }
  const cycle = dependencyCycle(state.jobs, job);
  if (cycle) throw new Refusal(422, `Dependencies have a cycle: ${cycle.join(' -> ')}`);
};

const removeJob = (turn: Turn, id: string, stopsRuns: boolean): void => {
  jobOf(turn, id);
  const dependents = [...turn.state.jobs.values()].filter(({ definition }) =>
    definition.dependencies.some((dependency) => dependency.id === id),
  );
  if (dependents.length > 0) {
    const names = dependents.map(({ definition }) => `'${definition.id}'`).join(', ');
    throw new Refusal(409, `Job '${id}' cannot be removed: ${names} depend on it`);
  }
  const runs = runsOf(turn.state, id);
  if (runs.length > 0 && !stopsRuns)
    throw new Refusal(409, 'There are active job runs. Override with stopCurrentJobRuns=true');
  for (const run of runs) stopRun(turn, run);
  turn.setJob(id, undefined);
  turn.setHistory(id, undefined);
};

const addSchedule = (turn: Turn, jobId: string, schedule: Schedule): void => {
  const record = jobOf(turn, jobId);
  if (record.schedules.some(({ id }) => id === schedule.id)) {
    throw new Refusal(409, 'Schedule with this id already exists');
  }
  turn.setJob(jobId, { ...record, schedules: [...record.schedules, timed(turn, schedule)] });
};

const updateSchedule = (turn: Turn, jobId: string, schedule: Schedule): void => {
  const record = jobOf(turn, jobId);
  if (!record.schedules.some(({ id }) => id === schedule.id)) throw unknownSchedule(schedule.id);
  const schedules = record.schedules.map((known) =>
    known.id === schedule.id ? timed(turn, schedule) : known,
  );
  turn.setJob(jobId, { ...record, schedules });
};

const removeSchedule = (turn: Turn, jobId: string, scheduleId: string): void => {
  const record = jobOf(turn, jobId);
  const schedules = record.schedules.filter(({ id }) => id !== scheduleId);
  if (schedules.length === record.schedules.length) throw unknownSchedule(scheduleId);
  turn.setJob(jobId, { ...record, schedules });
};

const timed = ({ nowMs }: Turn, schedule: Schedule): KnownSchedule => {
  const nextRunAtMs = schedule.enabled ? nextTime(schedule.cron, schedule.timeZone, nowMs) : undefined;
  return nextRunAtMs === undefined ? schedule : { ...schedule, nextRunAtMs };
};
