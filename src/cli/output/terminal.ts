import type { Readable } from 'node:stream';

/** Where text goes, and what it may be made of. */
export interface Output {
  write(text: string): void;
  readonly isTty: boolean;
  readonly hasColor: boolean;
  /** Width of the window; without one there is no limit. */
  readonly columns: number;
  /** Height of the window; missing without one. */
  readonly rows?: number | undefined;
}

/** All that commands know of the world they are typed in. Nobody else asks the system. */
export interface Terminal {
  /** Results, and nothing but results. */
  readonly out: Output;
  /** Errors, progress, notes and questions. */
  readonly err: Output;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  /** Where questions are drawn. */
  readonly questionOutput: NodeJS.WritableStream;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  /** Aborted when the command is interrupted. */
  readonly signal: AbortSignal;
}

/** Whether there is somebody to answer a question. */
export const canAsk = ({ stdin, err }: Terminal): boolean => stdin.isTTY === true && err.isTty;

/** The terminal of this process. Node.js opens a stream when it is asked for it, which takes some milliseconds each. */
export const systemTerminal = (signal: AbortSignal): Terminal => {
  let out: Output | undefined;
  let err: Output | undefined;
  return {
    get out() {
      out ??= outputTo(process.stdout, process.env);
      return out;
    },
    get err() {
      err ??= outputTo(process.stderr, process.env);
      return err;
    },
    get stdin() {
      return process.stdin;
    },
    get questionOutput() {
      return process.stderr;
    },
    env: process.env,
    signal,
  };
};

type Stream = NodeJS.WriteStream & { readonly isTTY?: boolean };

const outputTo = (stream: Stream, env: NodeJS.ProcessEnv): Output => {
  const isTty = stream.isTTY === true;
  return {
    write: (text) => {
      stream.write(text);
    },
    isTty,
    hasColor: hasColor(isTty, env),
    get columns() {
      return isTty ? stream.columns || 80 : Number.POSITIVE_INFINITY;
    },
    get rows() {
      return isTty ? stream.rows || 24 : undefined;
    },
  };
};

const isSet = (value: string | undefined): boolean => value !== undefined && value !== '';

/** NO_COLOR wins over what forces colours; a terminal that calls itself dumb has none. */
const hasColor = (isTty: boolean, env: NodeJS.ProcessEnv): boolean => {
  if (isSet(env.NO_COLOR)) return false;
  const forced = env.FORCE_COLOR ?? env.CLICOLOR_FORCE;
  if (isSet(forced)) return forced !== '0' && forced !== 'false';
  return isTty && env.TERM !== 'dumb';
};
