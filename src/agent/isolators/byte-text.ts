export const MEBIBYTE = 1024 * 1024;

const UNITS = [
  ['TB', 1024 ** 4],
  ['GB', 1024 ** 3],
  ['MB', MEBIBYTE],
  ['KB', 1024],
] as const;

/** Bytes as Mesos writes them: in the largest unit that divides them. */
export const formatBytes = (bytes: number): string => {
  const [unit, size] = UNITS.find(([, each]) => bytes >= each && bytes % each === 0) ?? ['B', 1];
  return `${bytes / size}${unit}`;
};
