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
 * never comes. An hour that clocks leave out in spring counts as the next one, one that they repeat in autumn counts once.
 */
export const nextTime = (cron: string, timeZone: string, afterMs: number): number | undefined =>
  new Cron(cron, { timezone: timeZone, legacyMode: true }).nextRun(new Date(afterMs))?.getTime();
