import { createPaint, type Paint } from '../output/paint.ts';
import { shownOn } from '../output/plain-text.ts';
import type { Output } from '../output/terminal.ts';

/** Prints the logs of tasks piece by piece. */
export interface LogPrinter {
  print(taskId: string, piece: Buffer): void;
  /** Nothing more comes of this task. */
  end(taskId: string): void;
}

export interface LogPrinterOptions {
  readonly out: Output;
  readonly file: string;
  /** Logs of several tasks are printed. */
  readonly isMany: boolean;
  /** Their pieces come in any order. */
  readonly isMixed: boolean;
  readonly isJson: boolean;
}

/**
 * The form of logs: of one task as they are; of several with a heading wherever another one speaks, as the original has
 * it, and where a person watches several at once, with the task's id before each line, in a colour of its own.
 */
export const createLogPrinter = async (options: LogPrinterOptions): Promise<LogPrinter> => {
  const { out, file, isMany, isMixed, isJson } = options;
  const decode = createDecoder();
  if (isJson) {
    const print: LogPrinter['print'] = (task, piece) =>
      out.write(`${JSON.stringify({ task, file, text: decode(task, piece) })}\n`);
    return { print, end: () => undefined };
  }
  if (isMany && isMixed && out.isTty) return prefixed(out, decode, await createPaint(out.hasColor));
  return headed(out, decode, isMany);
};

/** What tasks print to draw bars and columns is left to them. */
const LOG_CONTROLS = '\n\t\r\b';

type Decode = (taskId: string, piece: Buffer) => string;

/** Characters may be cut between pieces. */
const createDecoder = (): Decode => {
  const decoders = new Map<string, TextDecoder>();
  return (task, piece) => {
    const decoder = decoders.get(task) ?? new TextDecoder();
    decoders.set(task, decoder);
    return decoder.decode(piece, { stream: true });
  };
};

const headed = (out: Output, decode: Decode, isMany: boolean): LogPrinter => {
  let last: string | undefined;
  return {
    print: (task, piece) => {
      const text = shownOn(out, decode(task, piece), LOG_CONTROLS);
      if (isMany && last !== task) out.write(`===> ${task} <===\n`);
      last = task;
      if (text !== '') out.write(text);
    },
    end: () => undefined,
  };
};

/** Whole lines only: those of several tasks would be mixed otherwise. */
const prefixed = (out: Output, decode: Decode, { series }: Paint): LogPrinter => {
  const begun = new Map<string, string>();
  const styles = new Map<string, Paint['faint']>();
  const write = (task: string, lines: readonly string[]): void => {
    const style = styles.get(task) ?? series[styles.size % series.length] ?? ((text: string) => text);
    styles.set(task, style);
    out.write(lines.map((line) => `${style(task)} ${line}\n`).join(''));
  };
  return {
    print: (task, piece) => {
      const text = shownOn(out, decode(task, piece), LOG_CONTROLS);
      const lines = `${begun.get(task) ?? ''}${text}`.split('\n');
      begun.set(task, lines.pop() ?? '');
      write(task, lines);
    },
    end: (task) => {
      const rest = begun.get(task);
      if (rest) write(task, [rest]);
      begun.delete(task);
    },
  };
};
