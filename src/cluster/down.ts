import { existsSync, rmSync } from 'node:fs';
import { ClusterError } from './cluster-error.ts';
import { type ClusterFolder, CONTROL_PLANE, clusterFolder } from './cluster-folder.ts';
import { endLeftoverTasks } from './leftover-tasks.ts';
import { lockCluster } from './lock.ts';
import { findRunning, forgetRunning, runningPartNames } from './running-part.ts';
import { noSuchCluster } from './status.ts';
import { stopProcess } from './stop-process.ts';

/** Servers only have to finish writing what they were told. */
const CONTROL_PLANE_GRACE_MS = 10_000;
/** An agent waits for its tasks, which have their own grace periods. */
const AGENT_GRACE_MS = 20_000;

/** Tells an agent to end its tasks, to keep its id, reservations and volumes, and to end. */
export const END_TASKS_SIGNAL = 'SIGUSR2';

export interface DownOptions {
  /** PLENUM_HOME. */
  readonly home: string;
  readonly name: string;
  /** Forgets the cluster and everything it kept. */
  readonly isPurge: boolean;
}

export interface DownResult {
  readonly name: string;
  /** Processes of the cluster itself that were stopped. */
  readonly stopped: readonly string[];
  readonly isPurged: boolean;
}

/**
 * Stops what the cluster started: the control plane first, so that nothing is launched anew, then the agents with their
 * tasks, then tasks whose agent had died before. Throws ClusterError: not-found when nothing is up, conflict while
 * another up or down is under way.
 */
export const down = async ({ home, name, isPurge }: DownOptions): Promise<DownResult> => {
  const folder = clusterFolder(home, name);
  if (!existsSync(folder.path)) throw noSuchCluster(name);
  const unlock = lockCluster(folder);
  try {
    const stopped = await stopAll(folder);
    const leftovers = await endLeftoverTasks(folder.path);
    if (stopped.length === 0 && leftovers === 0 && !isPurge) throw nothingUp(folder);
    if (isPurge) rmSync(folder.path, { recursive: true, force: true, maxRetries: 3 });
    return { name, stopped, isPurged: isPurge };
  } finally {
    unlock();
  }
};

/** Stops every process of the cluster that lives, tasks of its agents included, and gives their names. */
const stopAll = async (folder: ClusterFolder): Promise<string[]> => {
  const parts = runningPartNames(folder);
  const agents = parts.filter((part) => part !== CONTROL_PLANE);
  const stopped = await stopPart(folder, CONTROL_PLANE);
  return [...stopped, ...(await Promise.all(agents.map((part) => stopPart(folder, part)))).flat()];
};

const stopPart = async (folder: ClusterFolder, part: string): Promise<string[]> => {
  const running = findRunning(folder, part);
  const isControlPlane = part === CONTROL_PLANE;
  if (running) {
    const isGone = await stopProcess(running.process, {
      ask: isControlPlane ? 'SIGTERM' : END_TASKS_SIGNAL,
      graceMs: isControlPlane ? CONTROL_PLANE_GRACE_MS : AGENT_GRACE_MS,
    });
    if (!isGone) {
      throw new ClusterError('failed', `The process ${running.process.pid} of ${part} does not end`);
    }
  }
  forgetRunning(folder, part);
  return running ? [part] : [];
};

const nothingUp = ({ name, path }: ClusterFolder): ClusterError =>
  new ClusterError('not-found', `Cluster ${name} is not up`, {
    hint: `plenum up starts it again, plenum down --purge forgets what it kept in ${path}`,
  });
