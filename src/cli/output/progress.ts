import { withoutControls } from './plain-text.ts';
import type { Output } from './terminal.ts';

/** Tells what is under way, on standard error. */
export interface Progress {
  /** What happens now; replaces what was said before. */
  say(text: string): void;
  /** A line that stays. */
  note(text: string): void;
  /** Nothing is under way any more. */
  stop(): void;
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;
/** What takes no longer is not worth mentioning where lines stay. */
const SLOW_MS = 1_000;
const ERASE_LINE = '\r\u001b[2K';

/** A line that moves on a terminal; elsewhere a plain line for each thing that takes over a second. */
export const createProgress = (output: Output, env: Readonly<NodeJS.ProcessEnv>): Progress =>
  output.isTty && env.TERM !== 'dumb' && !env.CI ? movingProgress(output) : plainProgress(output);

const movingProgress = (output: Output): Progress => {
  let text = '';
  let frame = 0;
  let timer: NodeJS.Timeout | undefined;
  const draw = (): void => {
    const line = `${FRAMES[frame++ % FRAMES.length]} ${withoutControls(text, '')}`;
    output.write(`${ERASE_LINE}${line.slice(0, output.columns - 1)}`);
  };
  const stop = (): void => {
    if (timer === undefined) return;
    clearInterval(timer);
    timer = undefined;
    output.write(ERASE_LINE);
  };
  return {
    say: (next) => {
      text = next;
      timer ??= setInterval(draw, FRAME_MS).unref();
    },
    note: (line) => {
      const text = withoutControls(line);
      output.write(timer === undefined ? `${text}\n` : `${ERASE_LINE}${text}\n`);
    },
    stop,
  };
};

const plainProgress = (output: Output): Progress => {
  let text = '';
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  return {
    say: (next) => {
      const isSame = withoutCountdown(next) === withoutCountdown(text);
      text = next;
      if (isSame) return;
      stop();
      timer = setTimeout(() => output.write(`${text}\n`), SLOW_MS).unref();
    },
    note: (line) => output.write(`${line}\n`),
    stop,
  };
};

/** Seconds that tick down are no news. */
const withoutCountdown = (text: string): string => text.replace(/\d+ s\b/g, '');
