import { startReadiness } from './readiness.ts';
import { startChecks } from './scheduler-checks.ts';
import type { Turn } from './turn.ts';

/** An instance has begun to run, or was found running: its checks begin. */
export const watchRunning = (turn: Turn, instanceId: string): void => {
  startChecks(turn, instanceId);
  startReadiness(turn, instanceId);
};
