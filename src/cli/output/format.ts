/** A number as people write it, with no more digits than matter. */
export const formatNumber = (value: number | string | undefined): string =>
  typeof value === 'number' ? String(Number(value.toFixed(3))) : (value ?? '');

const STEP = 1024;

/** An amount of MiB: `512 MiB`, `1.5 GiB`, `2 TiB`. */
export const formatMiB = (mib: number): string => {
  if (mib < STEP) return `${formatNumber(mib)} MiB`;
  const gib = mib / STEP;
  return gib < STEP ? `${rounded(gib)} GiB` : `${rounded(gib / STEP)} TiB`;
};

/** A number of bytes: `812 B`, `3.4 KiB`. */
export const formatBytes = (bytes: number): string => {
  if (bytes < STEP) return `${bytes} B`;
  const kib = bytes / STEP;
  return kib < STEP ? `${rounded(kib)} KiB` : formatMiB(kib / STEP);
};

const rounded = (value: number): string => String(Number(value.toFixed(1)));

/** `1 agent`, `3 agents`. */
export const formatCount = (count: number, noun: string, plural = `${noun}s`): string =>
  `${count} ${count === 1 ? noun : plural}`;

/** At most so many names, and how many more there are. */
export const formatNames = (names: readonly string[], most = 5): string =>
  names.length <= most
    ? names.join(', ')
    : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;

/** A length of time in ms: `800 ms`, `12 s`, `5 min`, `7 h`, `12 d`. */
export const formatDuration = (ms: number): string => {
  if (ms > 0 && ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${Math.round(ms / 1_000)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  return ms < 172_800_000 ? `${Math.round(ms / 3_600_000)} h` : `${Math.round(ms / 86_400_000)} d`;
};

const SECOND_MS = 1_000;
const UNITS: readonly (readonly [noun: string, seconds: number])[] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['week', 7 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

/** How long ago a time was, in its largest unit: `3 minutes ago`; of a time to come or of this second: `now`. */
export const formatAgo = (thenMs: number, nowMs: number): string => {
  const seconds = Math.floor((nowMs - thenMs) / SECOND_MS);
  const [noun, length] = UNITS.find(([, unit]) => seconds >= unit) ?? [];
  return noun === undefined || length === undefined
    ? 'now'
    : `${formatCount(Math.floor(seconds / length), noun)} ago`;
};
