import { spawn } from 'node:child_process';
import { stopListeningForInterrupts } from '../interrupts.ts';
import type { Output, Terminal } from './terminal.ts';

/** Commands that print what people read, and are over then. */
const READ =
  /(^|:)(list|show|get|about|describe|details|summary|search|history|render|queue|runs|keys|why|diff|reference)$/;
const FOLLOWING = /^(--follow|-f|--watch|--wait)$/;
const USUAL = 'less -FRX';
/** What is longer is not kept, but printed as it comes. */
const MOST_KEPT_CHARACTERS = 32 * 1024 * 1024;
const NO_SUCH_PROGRAM = 127;

/** Whether what a command prints may go through a pager: never what goes on, such as a log that is followed. */
export const isPaged = (id: string, argv: readonly string[]): boolean =>
  READ.test(id) && !argv.some((word) => FOLLOWING.test(word));

/** PLENUM_PAGER, else PAGER, else less; undefined when none is wanted. */
export const pagerCommand = (env: Readonly<NodeJS.ProcessEnv>): string | undefined => {
  const command = (env.PLENUM_PAGER ?? env.PAGER ?? USUAL).trim();
  return command === '' || command === 'cat' || env.TERM === 'dumb' ? undefined : command;
};

export interface PagerOptions {
  readonly terminal: Terminal;
  readonly command: string;
  /** Asked only when there is more than fits on the screen. */
  readonly isWanted: () => boolean;
}

/**
 * Runs what prints on a terminal, and shows it through a pager when it is longer than the window: whole, also when it failed
 * in the end. Where there is no such program it is printed as it is.
 */
export const withPager = async (
  { terminal, command, isWanted }: PagerOptions,
  print: (terminal: Terminal) => Promise<void>,
): Promise<void> => {
  const kept = keepingOutput(terminal.out);
  try {
    await print({ ...terminal, out: kept.output });
  } finally {
    const text = kept.take();
    const { rows } = terminal.out;
    const isLong = rows !== undefined && text.split('\n', rows + 1).length > rows;
    const isShown =
      isLong && !terminal.signal.aborted && isWanted() && (await page(command, text, terminal.env));
    if (!isShown && text !== '') terminal.out.write(text);
  }
};

const keepingOutput = (out: Output): { output: Output; take: () => string } => {
  let pieces: string[] = [];
  let length = 0;
  const take = (): string => {
    const text = pieces.join('');
    pieces = [];
    return text;
  };
  const write = (text: string): void => {
    length += text.length;
    if (length <= MOST_KEPT_CHARACTERS) pieces.push(text);
    else out.write(take() + text);
  };
  const { isTty, hasColor, columns } = out;
  return { output: { write, isTty, hasColor, columns }, take };
};

/** Whether it was shown. Ctrl-C belongs to the pager meanwhile. */
const page = (command: string, text: string, env: Readonly<NodeJS.ProcessEnv>): Promise<boolean> =>
  new Promise((resolve) => {
    stopListeningForInterrupts();
    process.on('SIGINT', () => undefined);
    // As git does, for those who name less without saying how.
    const variables = { ...env, LESS: env.LESS ?? 'FRX' };
    const pager = spawn(command, { shell: true, env: variables, stdio: ['pipe', 'inherit', 'inherit'] });
    pager.on('error', () => resolve(false));
    pager.on('close', (code) => resolve(code !== NO_SUCH_PROGRAM));
    // Whoever has read enough leaves.
    pager.stdin.on('error', () => undefined);
    pager.stdin.end(text);
  });
