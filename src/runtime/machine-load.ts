import { availableParallelism, freemem, loadavg, totalmem } from 'node:os';

/** How busy the machine is right now. */
export interface MachineLoad {
  readonly cpus: number;
  /** Average number of runnable processes over the last minute, five and fifteen. */
  readonly load1: number;
  readonly load5: number;
  readonly load15: number;
  readonly memFreeBytes: number;
  readonly memTotalBytes: number;
}

export const machineLoad = (): MachineLoad => {
  const [load1 = 0, load5 = 0, load15 = 0] = loadavg();
  return {
    cpus: availableParallelism(),
    load1,
    load5,
    load15,
    memFreeBytes: freemem(),
    memTotalBytes: totalmem(),
  };
};
