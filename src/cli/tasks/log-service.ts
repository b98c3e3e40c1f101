import { ApiError } from '../../clients/api-error.ts';
import type { MesosTask } from '../../clients/mesos-types.ts';
import type { SystemClient } from '../../clients/system-client.ts';
import { errorMessage } from '../../runtime/error-message.ts';
import { pause } from '../waiting.ts';

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 10_000;

export interface ServiceLogOptions {
  readonly system: SystemClient;
  readonly task: MesosTask;
  readonly file: string;
  readonly lines: number;
}

/** The last lines of a file of a task, of a cluster whose agents give no files; undefined when its log service has none either. */
export const readLogService = async ({
  system,
  task,
  file,
  lines,
}: ServiceLogOptions): Promise<Buffer | undefined> => {
  try {
    return await system.getTaskLog({ taskId: task.id, file, last: lines });
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
};

export interface FollowServiceOptions extends ServiceLogOptions {
  readonly hasEnded: () => Promise<boolean>;
  readonly signal: AbortSignal;
  readonly write: (piece: Buffer) => void;
  readonly note: (text: string) => void;
}

/**
 * Writes what the log service tells of a file from now on, until the task has ended. It goes on behind the last entry when the
 * stream ends, trying ever less often while the cluster does not answer.
 */
export const followLogService = async (options: FollowServiceOptions): Promise<void> => {
  const { system, task, file, hasEnded, signal, write, note } = options;
  let cursor: string | undefined;
  for (let pauseMs = FIRST_RETRY_MS; ; pauseMs = Math.min(pauseMs * 2, LAST_RETRY_MS)) {
    const isLast = await hasEnded();
    try {
      for await (const entry of system.followTaskLog({ taskId: task.id, file, after: cursor })) {
        const { MESSAGE: message = '' } = entry.fields;
        write(Buffer.from(message.endsWith('\n') ? message : `${message}\n`));
        cursor = entry.cursor ?? cursor;
        pauseMs = FIRST_RETRY_MS;
      }
    } catch (error) {
      signal.throwIfAborted();
      note(`${errorMessage(error)}; trying again until it answers, Ctrl-C ends it`);
    }
    if (isLast) return;
    await pause(pauseMs, signal);
  }
};
