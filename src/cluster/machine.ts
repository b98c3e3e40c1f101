import { statfsSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import type { Machine } from './agent-plan.ts';

/** What this machine has to share out, disk as seen from the given folder. */
export const thisMachine = (folder: string): Machine => {
  const { bavail, bsize } = statfsSync(folder);
  return {
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    freeDiskBytes: bavail * bsize,
    hasManyLoopbacks: process.platform === 'linux',
  };
};
