const MS_OF_UNIT: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Milliseconds of `500ms`, `30s`, `5m`, `2h` or `1d`; NaN for anything else. The schema lets nothing else pass. */
export const durationMs = (text: string): number => {
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
  return Number(amount || Number.NaN) * (MS_OF_UNIT[unit] ?? Number.NaN);
};

/** Milliseconds between two, of `10/s`, `6/m` or `100/h`; Infinity when there is none. */
export const rateIntervalMs = (text: string): number => {
  const [amount = '', unit = ''] = text.split('/');
  return (MS_OF_UNIT[unit] ?? Number.NaN) / Number(amount);
};

/** A length of time for people: the two largest units that it has. */
export const durationText = (ms: number): string => {
  if (ms < 1_000) return `${Math.round(ms)}ms`;
  let left = Math.round(ms / 1_000);
  const parts: string[] = [];
  for (const [unit, seconds] of [
    ['d', 86_400],
    ['h', 3_600],
    ['m', 60],
    ['s', 1],
  ] as const) {
    const count = Math.floor(left / seconds);
    left -= count * seconds;
    if (count > 0) parts.push(`${count}${unit}`);
  }
  return parts.slice(0, 2).join('');
};
