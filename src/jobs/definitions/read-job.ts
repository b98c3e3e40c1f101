import type { Job as JobDocument } from '../../../schemas/generated/job.ts';
import type { JobRunOverride } from '../../../schemas/generated/job-run.ts';
import type { JobSchedule } from '../../../schemas/generated/job-schedule.ts';
import { checkSchema } from './check-schema.ts';
import { isTimeZone, whyCronIsInvalid } from './cron.ts';
import type { JobDefinition, PlacementConstraint, RunOverride, Schedule } from './job.ts';
import { jobViolations, placementViolations } from './rules.ts';
import { refuseInvalid, type Violation } from './violation.ts';

const DEFAULT_LAUNCH_DELAY_SECONDS = 3_600;
const DEFAULT_STARTING_DEADLINE_SECONDS = 900;

/** Reads a job with its schedules, and fills in what has a default. Throws InvalidJob. */
export const readJob = async (
  document: unknown,
  nowMs: number,
): Promise<{ job: JobDefinition; schedules: Schedule[] }> => {
  await checkSchema('validateJob', document);
  const given = document as JobDocument;
  const { run } = given;
  const job: JobDefinition = {
    id: given.id,
    description: given.description ?? '',
    labels: given.labels ?? {},
    dependencies: given.dependencies ?? [],
    run: {
      ...run,
      gpus: run.gpus ?? 0,
      artifacts: run.artifacts ?? [],
      env: run.env ?? {},
      maxLaunchDelay: run.maxLaunchDelay ?? DEFAULT_LAUNCH_DELAY_SECONDS,
      placement: { constraints: constraintsOf(run.placement?.constraints) },
      restart: run.restart ?? { policy: 'NEVER' },
      volumes: run.volumes ?? [],
      secrets: run.secrets ?? {},
    },
  };
  const schedules = (given.schedules ?? []).map(completeSchedule);
  refuseInvalid([
    ...jobViolations(job),
    ...schedules.flatMap((schedule, index) => scheduleViolations(schedule, `/schedules/${index}`, nowMs)),
    ...repeatedIds(schedules),
  ]);
  return { job, schedules };
};

/** Throws InvalidJob. */
export const readSchedule = async (document: unknown, nowMs: number): Promise<Schedule> => {
  await checkSchema('validateSchedule', document);
  const schedule = completeSchedule(document as JobSchedule);
  refuseInvalid(scheduleViolations(schedule, '', nowMs));
  return schedule;
};

/** Nothing (undefined) is fine, too. Throws InvalidJob. */
export const readRunOverride = async (document: unknown): Promise<RunOverride> => {
  if (document === undefined) return {};
  await checkSchema('validateRunOverride', document);
  const { env, placement } = document as JobRunOverride;
  const constraints = placement && constraintsOf(placement.constraints);
  refuseInvalid(placementViolations(constraints ?? [], '/placement'));
  return { ...(env ? { env } : {}), ...(constraints ? { placement: { constraints } } : {}) };
};

/** Clients that know a field send it even when they have nothing to say. */
const completeSchedule = (given: JobSchedule): Schedule => ({
  id: given.id,
  cron: given.cron,
  timeZone: given.timeZone || given.timezone || 'UTC',
  startingDeadlineSeconds: given.startingDeadlineSeconds ?? DEFAULT_STARTING_DEADLINE_SECONDS,
  concurrencyPolicy: given.concurrencyPolicy || 'ALLOW',
  enabled: given.enabled ?? true,
});

const constraintsOf = (
  given: readonly { attribute: string; operator: string; value?: string }[] = [],
): PlacementConstraint[] =>
  given.map(({ attribute, operator, value = '' }) => ({
    attribute,
    operator: operator === 'LIKE' || operator === 'UNLIKE' ? operator : 'IS',
    value,
  }));

const scheduleViolations = (
  { cron, timeZone }: Schedule,
  path: string,
  nowMs: number,
): readonly Violation[] => {
  if (!isTimeZone(timeZone)) {
    return [
      {
        path: `${path}/timeZone`,
        message: `'${timeZone}' is no time zone, expected one such as Europe/Berlin`,
      },
    ];
  }
  const message = whyCronIsInvalid(cron, timeZone, nowMs);
  return message === undefined ? [] : [{ path: `${path}/cron`, message }];
};

const repeatedIds = (schedules: readonly Schedule[]): Violation[] =>
  schedules.flatMap(({ id }, index) =>
    schedules.findIndex((other) => other.id === id) === index
      ? []
      : [{ path: `/schedules/${index}/id`, message: `'${id}' is there already` }],
  );
