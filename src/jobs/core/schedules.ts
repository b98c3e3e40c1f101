import { nextTime } from '../definitions/cron.ts';
import { beginRun, MOST_RUNS, runsOf } from './begin-run.ts';
import type { JobRecord, KnownSchedule } from './state.ts';
import type { Turn } from './turn.ts';

/**
 * Begins the runs whose time has come. Of the times that a schedule has missed while the service was away only the last one
 * counts, and only for as long as its deadline says. That the next time is another one is durable together with the run, so
 * that no time counts twice.
 */
export const runSchedules = (turn: Turn): void => {
  for (const [id, record] of turn.state.jobs) {
    if (!record.schedules.some((schedule) => isDue(turn, schedule))) continue;
    turn.setJob(id, {
      ...record,
      schedules: record.schedules.map((schedule) => pass(turn, record, schedule)),
    });
  }
};

/** Sets the timer for the schedule that is due next. */
export const awaitSchedules = (turn: Turn): void => {
  const times = [...turn.state.jobs.values()].flatMap(({ schedules }) =>
    schedules.flatMap(({ nextRunAtMs }) => nextRunAtMs ?? []),
  );
  if (times.length === 0) turn.cancelTimer('schedules');
  else turn.setTimer('schedules', Math.max(0, Math.min(...times) - turn.nowMs));
};

const isDue = ({ nowMs }: Turn, { nextRunAtMs }: KnownSchedule): boolean =>
  nextRunAtMs !== undefined && nextRunAtMs <= nowMs;

/** A schedule that is due, after its time has passed. */
const pass = (turn: Turn, { definition }: JobRecord, schedule: KnownSchedule): KnownSchedule => {
  const { nextRunAtMs, ...rest } = schedule;
  if (nextRunAtMs === undefined || nextRunAtMs > turn.nowMs) return schedule;
  const last = lastTimeUpTo(schedule, nextRunAtMs, turn.nowMs);
  const isInTime = turn.nowMs <= last + schedule.startingDeadlineSeconds * 1_000;
  const most = schedule.concurrencyPolicy === 'ALLOW' ? MOST_RUNS : 1;
  const isFree = runsOf(turn.state, definition.id).length < most;
  if (isInTime && isFree) beginRun(turn, definition, {});
  const next = nextTime(schedule.cron, schedule.timeZone, turn.nowMs);
  return next === undefined ? rest : { ...rest, nextRunAtMs: next };
};

/**
 * The last time from `dueMs` on that is not after `nowMs`. Halves what is left with every look, so that a long absence costs
 * no long search, whatever the deadline.
 */
const lastTimeUpTo = ({ cron, timeZone }: KnownSchedule, dueMs: number, nowMs: number): number => {
  let last = dueMs;
  let end = nowMs;
  while (end - last > 1) {
    const middle = last + Math.floor((end - last) / 2);
    const next = nextTime(cron, timeZone, middle);
    if (next === undefined || next > nowMs) end = middle;
    else last = next;
  }
  return last;
};
