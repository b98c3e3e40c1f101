import { isAlive, type ProcessIdentity, signal } from './process-identity.ts';
import { waitUntil } from './wait-until.ts';

const DEATH = { timeoutMs: 5_000, everyMs: 10 };

/** Asks a process to end, waits for it, and kills it when it does not in time. False when even that did not help. */
export const stopProcess = async (
  identity: ProcessIdentity,
  { ask, graceMs }: { ask: NodeJS.Signals; graceMs: number },
): Promise<boolean> => {
  signal(identity, ask);
  if (await waitUntil(() => !isAlive(identity), { timeoutMs: graceMs, everyMs: 10 })) return true;
  signal(identity, 'SIGKILL');
  return waitUntil(() => !isAlive(identity), DEATH);
};
