import type { AppDefinition } from '../definitions/app.ts';

/** How long an app that keeps failing has to wait before its next launch (marathon.md 3.11). Times in milliseconds. */
export interface BackOff {
  /** The configuration that failed; another one starts afresh. */
  readonly configVersion: string;
  readonly referenceMs: number;
  readonly delayMs: number;
}

type BackOffSettings = Pick<
  AppDefinition,
  'backoffSeconds' | 'backoffFactor' | 'maxLaunchDelaySeconds' | 'versionInfo'
>;

/**
 * The record, if it is of the present configuration and the app has not been well for as long as the longest delay since
 * it might have been launched. (Marathon counts from the failure on, so that the longest delay ends with a fresh start.)
 */
export const liveBackOff = (
  app: BackOffSettings,
  backOff: BackOff | undefined,
  nowMs: number,
): BackOff | undefined =>
  backOff?.configVersion === app.versionInfo.lastConfigChangeAt &&
  nowMs <= backOff.referenceMs + backOff.delayMs + app.maxLaunchDelaySeconds * 1000
    ? backOff
    : undefined;

/** After a task ended that should not have: the first delay, then ever longer ones. */
export const lengthened = (
  app: BackOffSettings,
  backOff: BackOff | undefined,
  nowMs: number,
): BackOff | undefined => {
  const longestMs = app.maxLaunchDelaySeconds * 1000;
  const live = liveBackOff(app, backOff, nowMs);
  const delayMs = Math.min(longestMs, live ? live.delayMs * app.backoffFactor : app.backoffSeconds * 1000);
  if (delayMs <= 0) return undefined;
  return { configVersion: app.versionInfo.lastConfigChangeAt, referenceMs: nowMs, delayMs };
};

/** After a launch made progress: the same delay counts from now, so that a crash loop launches one at a time. */
export const advanced = (
  app: BackOffSettings,
  backOff: BackOff | undefined,
  nowMs: number,
): BackOff | undefined => {
  const live = liveBackOff(app, backOff, nowMs);
  return live && { ...live, referenceMs: nowMs };
};

/** What is left of the delay; 0 when the app may be launched. */
export const delayLeftMs = (app: BackOffSettings, backOff: BackOff | undefined, nowMs: number): number => {
  const live = liveBackOff(app, backOff, nowMs);
  return live ? Math.max(0, live.referenceMs + live.delayMs - nowMs) : 0;
};
