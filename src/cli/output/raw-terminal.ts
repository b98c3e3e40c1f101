import type { Writable } from 'node:stream';

/** A terminal, or whatever stands in its place, as what runs elsewhere sees it: bytes both ways, and a window. */
export interface RawTerminal {
  readonly out: Writable;
  readonly err: Writable;
  /** Undefined when there is no window. */
  windowSize(): { rows: number; columns: number } | undefined;
  /** Gives the function that stops it. */
  onResize(listener: () => void): () => void;
  /** Every key is passed on as it is typed, Ctrl-C included, until the function that it gives is called or the process ends. */
  makeRaw(): () => void;
}

/** That of this process. */
export const systemRawTerminal = (): RawTerminal => ({
  out: process.stdout,
  err: process.stderr,
  windowSize: () => {
    const { rows, columns } = process.stdout;
    return rows === undefined || columns === undefined ? undefined : { rows, columns };
  },
  onResize: (listener) => {
    process.stdout.on('resize', listener);
    return () => process.stdout.off('resize', listener);
  },
  makeRaw: () => {
    const { stdin } = process;
    const restore = (): void => {
      process.off('exit', restore);
      stdin.setRawMode(false);
    };
    stdin.setRawMode(true);
    process.on('exit', restore);
    return restore;
  },
});

/** Writes bytes, and resolves when there is room for more. */
export const writeAll = (stream: Writable, bytes: Uint8Array): Promise<void> =>
  new Promise((resolve) => {
    if (stream.write(bytes)) resolve();
    else stream.once('drain', resolve);
  });
