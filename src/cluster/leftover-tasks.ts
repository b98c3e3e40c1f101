import { readdirSync, readFileSync } from 'node:fs';
import { identify, isAlive, type ProcessIdentity, signal } from './process-identity.ts';
import { waitUntil } from './wait-until.ts';

const GRACE = { timeoutMs: 3_000, everyMs: 20 };
const DEATH = { timeoutMs: 5_000, everyMs: 20 };

/**
 * Processes of tasks whose sandbox lies in the given folder: they carry it in their environment, as Mesos promises them
 * (mesos.md 2.5). This is how tasks are found whose agent is dead. Only Linux shows other processes' environments.
 */
export const findTaskProcesses = (folder: string): ProcessIdentity[] => {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid || !isTaskOf(name, folder)) return [];
    const identity = identify(Number(name));
    return identity ? [identity] : [];
  });
};

/** Ends the tasks of a folder that are still there: asks first, then does not ask. Gives how many there were. */
export const endLeftoverTasks = async (folder: string): Promise<number> => {
  const found = findTaskProcesses(folder);
  if (found.length === 0) return 0;
  for (const identity of found) signal(identity, 'SIGTERM');
  await waitUntil(() => !found.some(isAlive), GRACE);
  // Looked for anew, as a process may have started another meanwhile.
  await waitUntil(() => {
    const left = findTaskProcesses(folder);
    for (const identity of left) signal(identity, 'SIGKILL');
    return left.length === 0;
  }, DEATH);
  return found.length;
};

const isTaskOf = (pid: string, folder: string): boolean => {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
    return environment.includes(`MESOS_SANDBOX=${Buffer.from(folder).toString('latin1')}/`);
  } catch {
    // It ended just now, or belongs to another user.
    return false;
  }
};
