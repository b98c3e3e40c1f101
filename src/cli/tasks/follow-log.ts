import { ApiError, isNotFound } from '../../clients/api-error.ts';
import type { MesosClient } from '../../clients/mesos-client.ts';
import type { MesosTask } from '../../clients/mesos-types.ts';
import { readOn } from '../../clients/task-files/read-log.ts';
import type { Sandbox } from '../../clients/task-files/sandbox.ts';
import { errorMessage } from '../../runtime/error-message.ts';
import { pause } from '../waiting.ts';
import { hasEnded } from './find-tasks.ts';

const LOOK_EVERY_MS = 250;
/** Whether a task has ended is asked less often than what it wrote. */
const LOOKS_PER_STATE = 4;
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 10_000;

export interface FollowLogOptions {
  readonly mesos: MesosClient;
  readonly task: MesosTask;
  readonly sandbox: Sandbox;
  readonly file: string;
  /** Where to begin. */
  readonly offset: number;
  readonly signal: AbortSignal;
  readonly write: (piece: Buffer) => void;
  /** Tells that the cluster does not answer, and that it does again. */
  readonly note: (text: string) => void;
}

/**
 * Writes what a file gains until its task has ended and everything is written. While nobody answers, because an agent or
 * the cluster is started anew, it tries ever less often, and goes on where it was.
 */
export const followLog = async (options: FollowLogOptions): Promise<void> => {
  const { task, signal } = options;
  let isEnded = hasEnded(task);
  let { offset } = options;
  for (let look = 1; ; look++) {
    offset = await persistently(options, () => writeNew(options, offset));
    if (isEnded) return;
    await pause(LOOK_EVERY_MS, signal);
    // Asked before the file is read once more, so that what was written until the end is not missed.
    if (look % LOOKS_PER_STATE === 0)
      isEnded = await persistently(options, () => hasTaskEnded(options.mesos, task));
  }
};

const persistently = async <Answer>(
  { task, signal, note }: FollowLogOptions,
  ask: () => Promise<Answer>,
): Promise<Answer> => {
  for (let pauseMs = FIRST_RETRY_MS, isFirst = true; ; pauseMs = Math.min(pauseMs * 2, LAST_RETRY_MS)) {
    try {
      const answer = await ask();
      if (!isFirst) note(`The log of ${task.id} goes on`);
      return answer;
    } catch (error) {
      if (!isPassing(error)) throw error;
      if (isFirst) note(`${errorMessage(error)}; trying again until it answers, Ctrl-C ends it`);
      isFirst = false;
      await pause(pauseMs, signal);
    }
  }
};

/** What another attempt may not meet. */
const isPassing = (error: unknown): boolean =>
  error instanceof ApiError &&
  (error.kind === 'unreachable' || error.kind === 'timed-out' || (error.status ?? 0) >= 500);

const writeNew = async ({ sandbox, file, write }: FollowLogOptions, offset: number): Promise<number> => {
  let at = offset;
  try {
    at = await readOn(sandbox, { file, offset, write });
  } catch (error) {
    // Not written yet, or the sandbox went with its task.
    if (!isNotFound(error)) throw error;
  }
  return at;
};

/** Throws ApiError. */
export const hasTaskEnded = async (mesos: MesosClient, task: MesosTask): Promise<boolean> => {
  const tasks = await mesos.getTasks({ frameworkId: task.framework_id, taskId: task.id });
  const [now] = tasks.filter(({ id }) => id === task.id);
  return now === undefined || hasEnded(now);
};
