/** Durations as Mesos' flags and queries have them: a number and a unit without a blank between, `15mins` (mesos.md B). */

const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  ms: 1,
  secs: 1_000,
  mins: 60_000,
  hrs: 3_600_000,
  days: 86_400_000,
  weeks: 604_800_000,
};

/** Milliseconds, or an error with Mesos' words for what is wrong. */
export const parseDuration = (text: string): number | Error => {
  const [, digits = '', unit = ''] = /^([\d.]*)(.*)$/s.exec(text) ?? [];
  const value = digits === '' ? Number.NaN : Number(digits);
  if (Number.isNaN(value)) return new Error(`Failed to convert '${digits}' to number.`);
  const unitMs = UNIT_MS[unit];
  return unitMs === undefined ? new Error(`Unknown duration unit '${unit}'`) : value * unitMs;
};

/** The largest unit that divides the milliseconds, as Mesos writes them: `5secs`. */
export const formatDuration = (milliseconds: number): string => {
  const [unit, size] =
    Object.entries(UNIT_MS)
      .reverse()
      .find(([, ms]) => ms >= 1 && milliseconds >= ms && milliseconds % ms === 0) ?? [];
  if (unit !== undefined && size !== undefined) return `${milliseconds / size}${unit}`;
  return `${Math.round(milliseconds * 1e6)}ns`;
};
