import { Cron } from 'croner';

const FIELDS = 5;

/** What is wrong with a schedule's time, or undefined. Also a time that never comes, such as 31 February, is wrong. */
export const whyCronIsInvalid = (cron: string, timeZone: string, nowMs: number): string | undefined => {
  if (cron.trim().split(/\s+/).length !== FIELDS) {
    return `'${cron}' is no cron expression: expected five fields (minute, hour, day, month, weekday)`;
  }
  try {
    if (nextTime(cron, timeZone, nowMs) !== undefined) return undefined;
    return `'${cron}' names a time that never comes`;
  } catch (error) {
    return `'${cron}' is no cron expression: ${error instanceof Error ? error.message : error}`;
  }
};

export const isTimeZone = (timeZone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
};

/**
 * The first time after `afterMs` that a cron expression names on the clocks of a time zone, in milliseconds; undefined when it
 * never comes. An hour that clocks leave out in spring counts as the next one. One that they repeat in autumn counts once,
 * but for what runs in every hour: that runs in both, as its pause would else be an hour longer.
 */
export const nextTime = (cron: string, timeZone: string, afterMs: number): number | undefined => {
  const next = nextIn(cron, timeZone, afterMs);
  if (next === undefined || timeZone === 'UTC' || !isHourly(cron)) return next;
  const aheadMs = [clockAheadMs(timeZone, afterMs), clockAheadMs(timeZone, next)];
  return Math.min(
    next,
    ...aheadMs.flatMap((ahead) => nextWhileAhead(cron, timeZone, { afterMs, ahead }) ?? []),
  );
};

const nextIn = (cron: string, timeZone: string, afterMs: number): number | undefined =>
  new Cron(cron, { timezone: timeZone, legacyMode: true }).nextRun(new Date(afterMs))?.getTime();

const isHourly = (cron: string): boolean => cron.trim().split(/\s+/)[1] === '*';

/** The next time while clocks are so far ahead of UTC; undefined when it comes when they are not. */
const nextWhileAhead = (
  cron: string,
  timeZone: string,
  { afterMs, ahead }: { afterMs: number; ahead: number },
): number | undefined => {
  const local = nextIn(cron, 'UTC', afterMs + ahead);
  const next = local === undefined ? undefined : local - ahead;
  return next !== undefined && clockAheadMs(timeZone, next) === ahead ? next : undefined;
};

/** How far the clocks of a time zone are ahead of UTC. */
const clockAheadMs = (timeZone: string, atMs: number): number => {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  const name = format.formatToParts(atMs).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign = '+', hours = '0', minutes = '0', seconds = '0'] =
    /^GMT([+-])(\d+):(\d+)(?::(\d+))?$/.exec(name) ?? [];
  const amountMs = (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)) * 1_000;
  return sign === '-' ? -amountMs : amountMs;
};
