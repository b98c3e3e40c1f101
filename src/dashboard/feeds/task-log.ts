import { ServerError } from '../model/server-error.ts';
import { askText } from './request.ts';

const FIRST_LINES = 1_000;
const TELL_EVERY_MS = 100;
const RETRY_MS = 2_000;

export interface LogListener {
  /** A line to the log stands: what is told from now on begins anew. */
  readonly onStart: () => void;
  /** Many lines at a time, however fast they come. */
  readonly onLines: (lines: readonly string[]) => void;
  /** It cannot be read now, which is tried again. */
  readonly onProblem: (problem: ServerError) => void;
}

/** Follows what a task prints into a file, from its last lines on, until it is stopped. */
export const followLog = (taskId: string, file: string, listener: LogListener): (() => void) => {
  const path = `/system/v1/logs/v2/task/${encodeURIComponent(taskId)}/file/${encodeURIComponent(file)}`;
  let isOver = false;
  let source: EventSource | undefined;
  let waiting: string[] = [];
  const tell = setInterval(() => {
    if (waiting.length === 0) return;
    listener.onLines(waiting);
    waiting = [];
  }, TELL_EVERY_MS);
  const open = (): void => {
    if (isOver) return;
    source = new EventSource(`${path}?skip=-${FIRST_LINES}`);
    source.onopen = () => {
      waiting = [];
      listener.onStart();
    };
    source.onmessage = ({ data }) => waiting.push(messageOf(data));
    source.onerror = () => {
      source?.close();
      setTimeout(open, RETRY_MS);
      void whyRefused(path).then((problem) => problem && !isOver && listener.onProblem(problem));
    };
  };
  open();
  return () => {
    isOver = true;
    source?.close();
    clearInterval(tell);
  };
};

/** Events say nothing of why there are none; undefined when the log can be read after all. */
const whyRefused = async (path: string): Promise<ServerError | undefined> => {
  try {
    await askText(`${path}?skip=-1`);
    return undefined;
  } catch (error) {
    return error instanceof ServerError ? error : undefined;
  }
};

const messageOf = (data: string): string => {
  const { fields } = JSON.parse(data) as { fields?: { MESSAGE?: string } };
  return fields?.MESSAGE ?? '';
};
