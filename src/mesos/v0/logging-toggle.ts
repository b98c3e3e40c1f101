import { parseDuration } from '../duration-text.ts';

/** What a request to /logging/toggle wants (mesos.md 3.9): to know the level, or another one for some time. */
export type LoggingToggle =
  | { readonly type: 'ask' }
  | { readonly type: 'raise'; readonly level: number; readonly durationMs: number }
  /** Text of an answer 400. */
  | { readonly type: 'wrong'; readonly message: string };

export const readLoggingToggle = (query: URLSearchParams): LoggingToggle => {
  const level = query.get('level');
  const duration = query.get('duration');
  if (level === null && duration === null) return { type: 'ask' };
  if (level === null) return { type: 'wrong', message: "Expecting 'level=value' in query.\n" };
  if (!/^\d+$/.test(level)) return { type: 'wrong', message: `Invalid level '${level}'.\n` };
  if (duration === null) return { type: 'wrong', message: "Expecting 'duration=value' in query.\n" };
  const durationMs = parseDuration(duration);
  if (durationMs instanceof Error) {
    return { type: 'wrong', message: `Invalid duration '${duration}': ${durationMs.message}\n` };
  }
  return { type: 'raise', level: Number(level), durationMs };
};
