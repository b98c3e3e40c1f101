/** A number of cores, with no more digits than it needs. */
export const formatCpus = (cpus: number): string => trimmed(cpus, cpus < 10 ? 2 : 1);

/** MiB as the unit that reads best. */
export const formatMebibytes = (mebibytes: number): string => {
  if (mebibytes >= 1024 * 1024) return `${trimmed(mebibytes / (1024 * 1024), 1)} TiB`;
  return mebibytes >= 1024 ? `${trimmed(mebibytes / 1024, 1)} GiB` : `${trimmed(mebibytes, 0)} MiB`;
};

/** How long ago, in one unit. */
export const formatAge = (seconds: number): string => {
  if (seconds < 60) return `${Math.max(0, Math.floor(seconds))} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3_600)} h` : `${Math.floor(seconds / 86_400)} d`;
};

/** TASK_RUNNING as people say it. */
export const formatState = (state: string): string =>
  state
    .replace(/^TASK_/, '')
    .toLowerCase()
    .replaceAll('_', ' ');

const trimmed = (value: number, digits: number): string =>
  value.toLocaleString('en', { maximumFractionDigits: digits });

/** Bytes as the unit that reads best. */
export const formatBytes = (bytes: number): string =>
  bytes < 1024
    ? `${bytes} B`
    : bytes < 1024 * 1024
      ? `${trimmed(bytes / 1024, 1)} KiB`
      : formatMebibytes(bytes / (1024 * 1024));

const MEBIBYTES: ReadonlySet<string> = new Set(['mem', 'disk']);

/** Amounts by name, as the master tells them; those of nothing are left out. */
export const formatResources = (amounts: Readonly<Record<string, number | string>>): string =>
  Object.entries(amounts)
    .filter(([, amount]) => amount !== 0)
    .map(([name, amount]) => `${name} ${formatAmount(name, amount)}`)
    .join(', ');

const formatAmount = (name: string, amount: number | string): string => {
  if (typeof amount === 'string') return amount;
  return MEBIBYTES.has(name) ? formatMebibytes(amount) : formatCpus(amount);
};
