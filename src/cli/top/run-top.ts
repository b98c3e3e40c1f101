import type { Readable } from 'node:stream';
import { errorMessage } from '../../runtime/error-message.ts';
import type { Paint } from '../output/paint.ts';
import type { RawTerminal } from '../output/raw-terminal.ts';
import { renderTop } from './render-top.ts';
import { type SortKey, type TopSample, topView } from './top-view.ts';

export interface TopOptions {
  readonly clusterName: string;
  /** Gives up, and rejects, when it is aborted. */
  readonly sample: (signal: AbortSignal) => Promise<TopSample>;
  readonly intervalMs: number;
  readonly sort: SortKey;
  readonly terminal: RawTerminal;
  readonly keys: Readable;
  readonly paint: Paint;
  readonly signal: AbortSignal;
}

const SCREEN_ON = '\u001b[?1049h\u001b[?25l';
const SCREEN_OFF = '\u001b[?25h\u001b[?1049l';
const HOME = '\u001b[H';
const CLEAR_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';
const FALLBACK_WINDOW = { rows: 24, columns: 80 };
const PAGE_ROWS = 10;

const SORT_OF_KEY: Readonly<Record<string, SortKey>> = { c: 'cpu', m: 'mem', n: 'name', a: 'age' };
const STEP_OF_KEY: Readonly<Record<string, number>> = {
  '\u001b[A': -1,
  '\u001b[B': 1,
  k: -1,
  j: 1,
  '\u001b[5~': -PAGE_ROWS,
  '\u001b[6~': PAGE_ROWS,
};
const END_KEYS = new Set(['q', 'Q', '\u0003', '\u001b']);

/**
 * Draws the cluster on the whole screen again and again until q or Ctrl-C. The screen is given back as it was, whatever
 * happens. Throws what the first attempt to ask met; later ones are told of on the screen, and tried again.
 */
export const runTop = async (options: TopOptions): Promise<void> => {
  const { clusterName, intervalMs, terminal, keys, paint, signal } = options;
  let now = await options.sample(signal);
  let before: TopSample | undefined;
  let problem: string | undefined;
  let sort = options.sort;
  let from = 0;
  const draw = (): void => {
    const { rows, columns } = terminal.windowSize() ?? FALLBACK_WINDOW;
    const view = topView(now, { before, sort, nowMs: Date.now() });
    from = Math.max(0, Math.min(from, view.rows.length - 1));
    const frame = { clusterName, view, sort, from, problem };
    const text = renderTop(frame, { output: { isTty: true, columns }, rows, paint });
    terminal.out.write(HOME + text.replaceAll('\n', `${CLEAR_LINE}\n`) + CLEAR_BELOW);
  };
  const ended = new AbortController();
  const untilEnd = AbortSignal.any([signal, ended.signal]);
  const ask = async (): Promise<void> => {
    try {
      const next = await options.sample(untilEnd);
      [before, now, problem] = [now, next, undefined];
    } catch (error) {
      if (untilEnd.aborted) return;
      problem = errorMessage(error);
    }
    draw();
  };

  const onKey = (data: Buffer): void => {
    const key = data.toString();
    if (END_KEYS.has(key)) ended.abort();
    else {
      sort = SORT_OF_KEY[key] ?? sort;
      from += STEP_OF_KEY[key] ?? 0;
      draw();
    }
  };
  const restore = terminal.makeRaw();
  terminal.out.write(SCREEN_ON);
  const stopResize = terminal.onResize(draw);
  keys.on('data', onKey);
  keys.resume();
  draw();
  try {
    await repeatUntil(untilEnd, intervalMs, ask);
  } finally {
    keys.off('data', onKey);
    keys.pause();
    stopResize();
    terminal.out.write(SCREEN_OFF);
    restore();
  }
};

/** Never two at a time: the next begins so long after the last one began, or when that is done. */
const repeatUntil = async (
  signal: AbortSignal,
  everyMs: number,
  action: () => Promise<void>,
): Promise<void> => {
  while (!signal.aborted) {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, everyMs);
      function done(): void {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      }
      signal.addEventListener('abort', done);
    });
    if (!signal.aborted) await action();
  }
};
