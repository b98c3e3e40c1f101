import type { MesosClient } from '../clients/mesos-client.ts';
import { CliError, interruption } from './errors/cli-error.ts';
import { findNode } from './node-change.ts';
import { formatCount, formatNames } from './output/format.ts';
import type { Progress } from './output/progress.ts';
import { hasEnded } from './tasks/find-tasks.ts';
import { type WaitOptions, waitUntil } from './waiting.ts';

export interface FollowDrainOptions extends WaitOptions {
  readonly mesos: MesosClient;
  readonly progress: Progress;
  /** It is over when the agent is no longer one of the cluster's. */
  readonly isGoneAfterwards: boolean;
}

/** The list of all tasks is long. */
const ASK_TASKS_EVERY_MS = 2_000;
const WAITING = 'Waiting for the agent to be drained...';

/**
 * Waits until an agent is drained, and tells what is left there. Throws CliError: timed out, with what it waits for;
 * interrupted, with how it goes on.
 */
export const followDrain = async (id: string, options: FollowDrainOptions): Promise<void> => {
  const { mesos, progress, isGoneAfterwards, deadline, signal } = options;
  let tasks: readonly string[] = [];
  let askedAt = Number.NEGATIVE_INFINITY;
  const isOver = async (): Promise<true | undefined> => {
    const node = await findNode(mesos, id);
    if (isGoneAfterwards ? node === undefined : node?.drain_info?.state === 'DRAINED') return true;
    const now = performance.now();
    if (now - askedAt >= ASK_TASKS_EVERY_MS || now >= deadline) {
      askedAt = now;
      tasks = await tasksOn(mesos, id);
      progress.say(`${WAITING} ${formatCount(tasks.length, 'task')} left`);
    }
    return undefined;
  };
  progress.say(WAITING);
  try {
    if (await waitUntil(isOver, options)) return;
  } catch (error) {
    throw signal.aborted ? interruption('The agent goes on draining: plenum node list shows it') : error;
  } finally {
    progress.stop();
  }
  throw new CliError('timed-out', `Agent ${id} is not drained yet`, {
    details: [
      tasks.length > 0
        ? `These have not ended: ${formatNames(tasks)}`
        : 'Nothing runs there any more, but not every scheduler has acknowledged that',
    ],
    hint: 'It goes on draining: plenum node list shows it, and draining it again with --max-grace-period shortens it',
  });
};

const tasksOn = async (mesos: MesosClient, id: string): Promise<string[]> => {
  const tasks = await mesos.getTasks();
  return tasks.filter((task) => task.slave_id === id && !hasEnded(task)).map((task) => task.id);
};
