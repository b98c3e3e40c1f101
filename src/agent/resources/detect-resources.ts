import { statfsSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import type { Resource } from '../../mesos/generated/mesos.ts';

const MEBIBYTE = 1024 * 1024;
const KEPT_MEMORY_MIB = 1024;
const KEPT_DISK_MIB = 5 * 1024;
const FALLBACK_DISK_MIB = 10 * 1024;
const PORTS = { begin: 31_000, end: 32_000 };

/**
 * Completes what was given with what this machine has; something that was given, even as 0, counts (mesos.md 6.7). Graphics
 * processors are counted by whoever hands them out.
 */
export const detectResources = (given: readonly Resource[], workDir: string, gpus = 0): Resource[] => {
  const names = new Set(given.map(({ name }) => name));
  const detected: Resource[] = [
    scalar('cpus', availableParallelism()),
    scalar('mem', memoryMiB()),
    scalar('disk', diskMiB(workDir)),
    { name: 'ports', type: 'RANGES', ranges: { range: [PORTS] } },
    scalar('gpus', gpus),
  ];
  const all = [...given, ...detected.filter(({ name }) => !names.has(name))];
  // What is given as nothing is not offered as nothing.
  return all.filter(({ type, scalar: value }) => type !== 'SCALAR' || (value?.value ?? 0) > 0);
};

const scalar = (name: string, value: number): Resource => ({ name, type: 'SCALAR', scalar: { value } });

const memoryMiB = (): number => {
  const total = Math.floor(totalmem() / MEBIBYTE);
  return total >= 2 * KEPT_MEMORY_MIB ? total - KEPT_MEMORY_MIB : Math.floor(total / 2);
};

const diskMiB = (workDir: string): number => {
  try {
    const { blocks, bsize } = statfsSync(workDir);
    const total = Math.floor((blocks * bsize) / MEBIBYTE);
    return total >= 2 * KEPT_DISK_MIB ? total - KEPT_DISK_MIB : Math.floor(total / 2);
  } catch {
    return FALLBACK_DISK_MIB;
  }
};
