import { parseDuration } from '../../mesos/duration-text.ts';

/** A duration such as `15secs` in milliseconds. Throws, for people, for one that is none or that would never be over. */
export const durationFlag = (
  flags: Readonly<Record<string, string>>,
  name: string,
  defaultMs: number,
): number => {
  const text = flags[name];
  if (text === undefined) return defaultMs;
  const parsed = parseDuration(text);
  if (parsed instanceof Error) throw new Error(`--${name}: ${parsed.message}`);
  if (!(parsed > 0)) throw new Error(`--${name}: has to be longer than nothing`);
  return parsed;
};
